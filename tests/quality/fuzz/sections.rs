//! Several files in one input: `=== NAME` on a line of its own begins the next one.

use std::collections::BTreeMap;

const MARK: &[u8] = b"=== ";

/// What stands before the first mark, and the files behind it.
pub fn of(data: &[u8]) -> (&[u8], BTreeMap<String, &[u8]>) {
    let starts: Vec<usize> =
        (0..data.len()).filter(|at| data[*at..].starts_with(MARK) && (*at == 0 || data[at - 1] == b'\n')).collect();
    let mut files = BTreeMap::new();
    for (number, start) in starts.iter().enumerate() {
        let section = &data[start + MARK.len()..starts.get(number + 1).copied().unwrap_or(data.len())];
        let end = section.iter().position(|byte| *byte == b'\n').unwrap_or(section.len());
        let name = String::from_utf8_lossy(&section[..end]).trim().to_owned();
        files.insert(name, section.get(end + 1..).unwrap_or_default());
    }
    (&data[..starts.first().copied().unwrap_or(data.len())], files)
}

/// Whether `file:line:column` lies in one of the texts; a place without line names a file alone. `None`: another file.
pub fn is_inside<'a>(place: &str, text_of: impl Fn(&str) -> Option<&'a [u8]>) -> Option<bool> {
    let mut parts = place.rsplitn(3, ':');
    let (column, line, file) = (parts.next()?, parts.next(), parts.next());
    let numbers = line.and_then(|line| Some((line.parse::<usize>().ok()?, column.parse::<usize>().ok()?)));
    let (Some((line, column)), Some(file)) = (numbers, file) else { return text_of(place).map(|_| true) };
    // Another encoding has its lines elsewhere.
    let Ok(text) = std::str::from_utf8(text_of(file)?) else { return Some(line >= 1 && column >= 1) };
    let is_in = |lines: Vec<&str>| {
        let written = line.checked_sub(1).and_then(|line| lines.get(line));
        written.is_some_and(|written| column >= 1 && column <= written.chars().count() + 1)
    };
    // A carriage return alone ends a line of YAML, and no line of JSON.
    let yaml = text.replace("\r\n", "\n");
    Some(is_in(text.split('\n').collect()) || is_in(yaml.split(['\n', '\r']).collect()))
}
