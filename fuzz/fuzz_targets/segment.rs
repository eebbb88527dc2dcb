#![no_main]

#[path = "../../tests/quality/fuzz/disk.rs"]
mod disk;
#[path = "../../tests/quality/fuzz/segment.rs"]
mod segment;
#[path = "../../tests/quality/fuzz/written.rs"]
mod written;

libfuzzer_sys::fuzz_target!(|data: &[u8]| segment::check(data));
