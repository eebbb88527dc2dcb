#![no_main]

#[path = "../../tests/quality/fuzz/disk.rs"]
mod disk;
#[path = "../../tests/quality/fuzz/cursor.rs"]
mod cursor;
#[path = "../../tests/quality/fuzz/written.rs"]
mod written;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cursor::check(data));
