#![no_main]

#[path = "../../tests/quality/fuzz/notification.rs"]
mod notification;

libfuzzer_sys::fuzz_target!(|data: &[u8]| notification::check(data));
