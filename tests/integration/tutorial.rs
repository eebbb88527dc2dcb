//! Promise: `docs/tutorial/first-hour.md` is what happens: its commands are run as they stand there, and what is printed
//! is what the page shows.
//!
//! In the page, ` ```sh ` holds what is typed, the next bare block what is printed, ` ```yaml ` the file that was written.
//! `…` stands for any part of a line, alone in a line for any number of lines. A comment before a block says what cannot be
//! done as it stands: `<!-- not run: why -->`, or `<!-- goes on: why -->` for commands that end only when they are stopped.

use super::rig::certificates::{Authority, VALID};
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use super::rig::wait_for;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Run,
    NotRun,
    GoesOn,
}

/// One fenced block, with what a comment before it says.
#[derive(Debug)]
struct Block {
    language: String,
    way: Way,
    lines: Vec<String>,
}

#[track_caller]
fn blocks(page: &str) -> Vec<Block> {
    let (mut blocks, mut way, mut open): (Vec<Block>, Way, Option<Block>) = (Vec::new(), Way::Run, None);
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => {
                open = Some(Block { language: language.to_owned(), way, lines: Vec::new() });
                way = Way::Run;
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => block.lines.push(line.to_owned()),
            (None, None) if line.starts_with("<!-- ") => {
                let (word, why) = line.split_once(": ").expect("a comment says what and why");
                assert!(why.len() > 20, "no reason: {line}");
                way = match word {
                    "<!-- not run" => Way::NotRun,
                    "<!-- goes on" => Way::GoesOn,
                    other => panic!("{other}"),
                };
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block does not end");
    blocks
}

/// What the page says and what it is here: addresses, ports, a fingerprint.
#[derive(Debug, Default)]
struct Names(Vec<(String, String)>);

impl Names {
    fn set(&mut self, said: &str, here: &str) {
        self.0.push((said.to_owned(), here.to_owned()));
    }

    fn lines(&self, block: &Block) -> Vec<String> {
        block.lines.iter().map(|line| self.here(line)).collect()
    }

    /// Whole words only.
    fn here(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (said, here) in &self.0 {
            let mut done = String::new();
            let mut rest = text.as_str();
            while let Some(at) = rest.find(said.as_str()) {
                let (before, behind) = (&rest[..at], &rest[at + said.len()..]);
                let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                let is_word = !is_letter(before.chars().next_back()) && !is_letter(behind.chars().next());
                done += before;
                done += if is_word { here } else { said };
                rest = behind;
            }
            text = done + rest;
        }
        text
    }
}

/// Whether a line is what the page shows, `…` being any part.
fn is_line(shown: &str, line: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut rest) = parts.next().and_then(|first| line.strip_prefix(first)) else { return false };
    let mut is_open = false;
    for part in parts {
        is_open = part.is_empty();
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    is_open || rest.is_empty()
}

/// Whether the lines are all and only what the page shows.
fn are_lines(shown: &[String], lines: &[&str]) -> bool {
    match (shown, lines) {
        ([], []) => true,
        ([], _) => false,
        ([any, shown @ ..], _) if any.trim() == "…" => (0..=lines.len()).any(|at| are_lines(shown, &lines[at..])),
        ([first, shown @ ..], [line, lines @ ..]) => is_line(first, line) && are_lines(shown, lines),
        (_, []) => false,
    }
}

#[test]
fn an_ellipsis_stands_for_any_part() {
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    assert!(
        is_line("a … c", "a b c") && is_line("a …", "a b c") && !is_line("a … c", "a b c d") && !is_line("a", "a b")
    );
    assert!(are_lines(&owned(&["a", "…", "c"]), &["a", "b", "b", "c"]) && are_lines(&owned(&["…"]), &[]));
    assert!(!are_lines(&owned(&["a"]), &["a", "b"]) && !are_lines(&owned(&["a", "b"]), &["a"]));
}

/// A shell in the folder of the tutorial, in which `qiao` is the one under test.
fn shell(folder: &Path, typed: &str) -> Command {
    let binary = Path::new(env!("CARGO_BIN_EXE_qiao")).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("sh");
    shell
        .args(["-c", typed])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", binary.display()))
        .env_remove("LANG")
        .env_remove("LC_ALL")
        .stdin(Stdio::null());
    shell
}

/// A command that goes on, and what it printed so far.
struct Going(Child);

impl Going {
    fn start(folder: &Path, typed: &str, said: &Arc<Mutex<Vec<String>>>) -> Self {
        let mut child = shell(folder, &format!("exec {typed}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let output = child.stdout.take().expect("stdout is piped");
        let said = Arc::clone(said);
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                said.lock().expect("no panic").push(line);
            }
        });
        Self(child)
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The commands of a block; one may go on behind a `\`.
fn commands(block: &Block) -> Vec<String> {
    let joined = block.lines.join("\n").replace("\\\n", " ");
    joined.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

#[test]
fn every_command_of_the_first_hour_does_what_the_page_shows() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tutorial/first-hour.md");
    let page = std::fs::read_to_string(page).expect("UTF-8");
    let blocks = blocks(&page);
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let server = Peer::start("machine_tools.mjs", &["--secure", "--host", "localhost"]);
    let authority = Authority::new("plant");
    std::fs::copy(authority.file(), folder.join("ca.pem")).expect("copied");
    let own = authority.sign("broker", &["localhost"], VALID);
    let users = authority.file().with_file_name("users");
    let made =
        Command::new("mosquitto_passwd").args(["-b", "-c"]).arg(&users).args(["hall-3", "the-password"]).status();
    assert!(made.expect("mosquitto_passwd is installed (tests/run.sh does that)").success());
    let broker = Mosquitto::start(&format!(
        "allow_anonymous false\npassword_file {}\ncertfile {}\nkeyfile {}",
        users.display(),
        own.certificate.display(),
        own.key.display()
    ));
    let mut names = Names::default();
    names.set("4841", &server.port().to_string());
    names.set("8883", &broker.port.to_string());
    // The page's server is called `vm`; a name that every machine knows is its name here.
    names.set("vm", "localhost");

    let (mut going, mut ran) = (Vec::new(), 0);
    let said: Arc<Mutex<Vec<String>>> = Arc::default();
    let mut at = blocks.iter().peekable();
    while let Some(block) = at.next() {
        let typed: Vec<String> = commands(block).iter().map(|line| names.here(line)).collect();
        match (block.language.as_str(), block.way) {
            ("sh", Way::NotRun) => {}
            ("sh", Way::GoesOn) => {
                going.extend(typed.iter().map(|line| Going::start(folder, line, &said)));
                let shown = at.next_if(|next| next.language.is_empty()).expect("what they print");
                for line in &shown.lines {
                    let line = names.here(line);
                    wait_for(&line, || {
                        said.lock().expect("no panic").iter().any(|said| is_line(&line, said)).then_some(())
                    });
                }
                ran += typed.len();
            }
            // While the gateway runs it is asked until it says so: what it does takes its time.
            ("sh", Way::Run) if !going.is_empty() => {
                let shown = at.next_if(|next| next.language.is_empty());
                let shown = shown.map(|block| names.lines(block)).unwrap_or_default();
                wait_for(&format!("{typed:#?}\n{}", shown.join("\n")), || {
                    let printed = printed_by(folder, &typed);
                    are_lines(&shown, &printed.lines().collect::<Vec<_>>()).then_some(())
                });
                ran += typed.len();
            }
            ("sh", Way::Run) => {
                let printed = printed_by(folder, &typed);
                if let Some((_, fingerprint)) = printed.split_once("--trust ") {
                    names.set("dbf94276…", fingerprint.split_whitespace().next().expect("digits"));
                }
                let shown = at.next_if(|next| next.language.is_empty());
                compare(shown, &names, &printed, &typed.join("\n"));
                ran += typed.len();
            }
            ("yaml", _) => {
                let written = std::fs::read_to_string(folder.join("qiao.yaml")).expect("a configuration");
                // The first of ten ports that is free.
                let (_, port) = written.split_once("http: \"127.0.0.1:").expect("a status page");
                names.set("8080", port.split('"').next().expect("a port"));
                compare(Some(block), &names, &written, "the configuration");
            }
            other => panic!("{other:?} is no block of a tutorial"),
        }
    }
    assert!(ran >= 8, "{ran} commands");
}

/// What commands print, on either output.
fn printed_by(folder: &Path, typed: &[String]) -> String {
    let output = shell(folder, &format!("({}) 2>&1", typed.join("\n"))).output().expect("a shell");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[track_caller]
fn compare(shown: Option<&Block>, names: &Names, printed: &str, what: &str) {
    let shown = shown.map(|block| names.lines(block)).unwrap_or_default();
    let lines: Vec<&str> = printed.lines().collect();
    assert!(are_lines(&shown, &lines), "{what}\n--- the page shows\n{}\n--- this came\n{printed}", shown.join("\n"));
}
