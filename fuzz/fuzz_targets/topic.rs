#![no_main]

#[path = "../../tests/quality/fuzz/topic.rs"]
mod topic;

libfuzzer_sys::fuzz_target!(|data: &[u8]| topic::check(data));
