#![no_main]

#[path = "../../tests/quality/fuzz/profile.rs"]
mod profile;
#[path = "../../tests/quality/fuzz/sections.rs"]
mod sections;

libfuzzer_sys::fuzz_target!(|data: &[u8]| profile::check(data));
