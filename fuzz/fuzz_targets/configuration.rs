#![no_main]

#[path = "../../tests/quality/fuzz/configuration.rs"]
mod configuration;
#[path = "../../tests/quality/fuzz/sections.rs"]
mod sections;

libfuzzer_sys::fuzz_target!(|data: &[u8]| configuration::check(data));
