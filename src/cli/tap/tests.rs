//! Patterns, rates, and the screen drawn into a buffer.

use super::board::{Board, HISTORY, ROWS_MAX};
use super::fields::{Filter, Input, Rate};
use super::glob::Glob;
use super::screen::{View, Wish, draw};
use super::verdict::Judge;
use crate::cli::Face;
use crate::config::plan::{Gateway, Limits, Plan, Replay, WhenFull, Writes};
use crate::finding::{Finding, Language};
use crate::model::browse::{BrowseName, BrowsePath};
use crate::model::discovery::{DataType, FoundItem, FoundMachine, ItemMode, Target};
use crate::model::{Batch, BuiltInType, Discovery, Now, Sample, Scalar, StatusCode, Timestamp};
use crate::port::{Clock, LinkState};
use crate::runtime::tap::Heard;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::sync::Arc;
use std::time::Duration;

#[test]
fn a_pattern_matches_names_whatever_their_case() {
    for (glob, text, expected) in [
        ("*", "", true),
        ("lathe*", "Lathe-7", true),
        ("*/feed?verride", "Monitoring/MachineTool/FeedOverride", true),
        ("*override", "Monitoring/OverrideMode", false),
        ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("车床?", "车床7", true),
        ("lathe", "lathe-7", false),
        ("**a", "ba", true),
    ] {
        assert_eq!(Glob::new(glob).matches(text), expected, "{glob} {text}");
    }
    assert!(Glob::typed("over").matches("FeedOverride"));
}

#[test]
fn a_rate_is_a_mean_over_whole_seconds_and_falls_to_zero() {
    let mut rate = Rate::default();
    for tenth in 0..40 {
        rate.add(Duration::from_millis(100_000 + tenth * 100));
    }
    for (at, expected) in [(104_000, 10.0), (106_000, 40.0 / 6.0), (200_000, 0.0)] {
        let found = rate.per_second(Duration::from_millis(at));
        assert!((found - expected).abs() < 2.0, "{at}: {found}");
    }
    assert!(rate.per_second(Duration::from_secs(200)).abs() < f64::EPSILON);
}

fn input() -> Input {
    let plan = Plan {
        gateway: Gateway {
            name: "test".into(),
            file: "qiao.yaml".into(),
            language: Language::English,
            data_dir: "data".into(),
            http: None,
            drain: Duration::from_secs(1),
        },
        connections: Vec::new(),
        machines: Vec::new(),
        flows: Vec::new(),
        writes: Writes::default(),
        profiles: Vec::new(),
        limits: Limits {
            memory: 1 << 20,
            quarantine: 1 << 20,
            spool: 1 << 20,
            spool_age: None,
            when_full: WhenFull::Block,
            replay: Replay::InOrder,
        },
    };
    Input {
        connection: "plc".into(),
        plan: Arc::new(plan),
        filter: Filter::default(),
        judge: Judge::nobody(),
        clock: Clock::start(),
        counters: Arc::default(),
    }
}

/// Variables of two machines; the second bears a name that would move the cursor.
fn discovery(names: &[String]) -> Arc<Discovery> {
    let machine = |name: &str| FoundMachine {
        flow: 0,
        node: format!("nsu=urn:x;s={name}"),
        browse_name: BrowseName::new("urn:x", name),
        path: BrowsePath::default(),
        types: Vec::new(),
        parent: String::new(),
    };
    let item = |(at, name): (usize, &String)| FoundItem {
        node: format!("nsu=urn:x;s={name}"),
        targets: vec![Target {
            machine: u32::from(at == 0),
            path: BrowsePath(vec![BrowseName::new("urn:x", name)]),
            types: vec![Arc::from(Vec::new())],
        }],
        mode: ItemMode::Monitored,
        data_type: DataType { node: "i=11".into(), built_in: BuiltInType::Double, enumeration: None },
        value_rank: -1,
        unit: None,
    };
    Arc::new(Discovery {
        epoch: 1,
        carries_on: None,
        machines: vec![machine("车床七号"), machine("mill\u{1b}[2J")],
        items: names.iter().enumerate().map(item).collect(),
    })
}

fn batch(now: Now, values: &[(u32, f64, u32)]) -> Heard {
    let sample = |(slot, value, status): &(u32, f64, u32)| Sample {
        slot: *slot,
        status: *status,
        source_time: now.wall,
        server_time: Timestamp::NONE,
        scalar: Scalar::F64(*value),
    };
    Heard::Values(Batch {
        epoch: 1,
        received: now.wall,
        samples: values.iter().map(sample).collect(),
        ..Batch::default()
    })
}

/// A board with three fields, their values, and a finding.
fn board(input: &mut Input) -> Board {
    let names: Vec<String> = ["Übersteuerung", "主轴/转速", "Temperature"].map(str::to_owned).into();
    let mut board = Board::new();
    board.take(Heard::Link(LinkState::Connected), input);
    board.take(Heard::Found(discovery(&names)), input);
    let now = input.clock.now();
    let (uncertain, bad) = (StatusCode::UNCERTAIN.0, StatusCode::BAD_NO_COMMUNICATION.0);
    board.take(batch(now, &[(0, 87.5, uncertain), (1, 1500.0, 0), (2, 21.25, bad), (1, 1501.0, 0)]), input);
    board.take(Heard::Finding(Finding::warning("QIAO-O021", "plc\u{202e}")), input);
    board
}

fn picture(board: &Board, view: &mut View, input: &Input, width: u16, height: u16) -> Vec<String> {
    let face = Face { language: Language::English, is_language_fixed: true, json: false };
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a buffer");
    terminal.draw(|frame| draw(frame, board, view, input, input.clock.now(), &face)).expect("drawn");
    let buffer = terminal.backend().buffer().clone();
    let line = |y| {
        let signs = (0..width).filter_map(|x| buffer.cell((x, y)));
        signs.map(|cell| cell.symbol().to_owned()).collect::<String>()
    };
    (0..height).map(line).collect()
}

/// A wide sign takes two cells: what stands in the second one is not shown.
fn squeezed(lines: &[String]) -> String {
    lines.join("\n").replace(' ', "")
}

#[test]
fn the_screen_shows_what_there_is_room_for_and_foreign_text_cannot_move_the_cursor() {
    let mut input = input();
    let board = board(&mut input);
    let wide = picture(&board, &mut View::default(), &input, 140, 20);
    let text = squeezed(&wide);
    for part in [
        "plcconnected",
        "3of3",
        "machine",
        "车床七号",
        "主轴\\/转速",
        "1501.0",
        "Good",
        "mill\\u{1b}[2J",
        "Übersteuerung",
        "87.5",
        "Uncertain",
        "BadNoCommunica",
        "QIAO-O021plc\\u{202e}",
        "/filter",
    ] {
        assert!(text.contains(&part.replace(' ', "")), "{part}\n{}", wide.join("\n"));
    }
    assert!(!wide.concat().contains(|c: char| c.is_control() || c == '\u{202e}'));
    let narrow = squeezed(&picture(&board, &mut View::default(), &input, 40, 8));
    assert!(narrow.contains("转速") && narrow.contains("1501.0") && !narrow.contains("Uncertain"), "{narrow}");
    // No size is too small.
    for (width, height) in [(1, 1), (2, 3), (10, 2), (300, 1)] {
        picture(&board, &mut View::default(), &input, width, height);
    }
}

fn press(view: &mut View, board: &Board, input: &Input, keys: &[KeyCode]) {
    for key in keys {
        assert_eq!(view.key(KeyEvent::new(*key, KeyModifiers::NONE), board, input.clock.now()), Wish::Nothing);
    }
}

#[test]
fn keys_filter_pause_choose_and_open() {
    let mut input = input();
    let mut board = board(&mut input);
    let mut view = View::default();
    press(
        &mut view,
        &board,
        &input,
        &[KeyCode::Char('/'), KeyCode::Char('转'), KeyCode::Char('q'), KeyCode::Backspace],
    );
    assert!(squeezed(&picture(&board, &mut view, &input, 100, 12)).contains("/转▏"));
    press(&mut view, &board, &input, &[KeyCode::Enter]);
    let filtered = squeezed(&picture(&board, &mut view, &input, 100, 12));
    assert!(filtered.contains("1of3") && filtered.contains("1501.0") && !filtered.contains("21.25"), "{filtered}");
    press(&mut view, &board, &input, &[KeyCode::Enter]);
    let history = squeezed(&picture(&board, &mut view, &input, 100, 12));
    assert!(
        history.contains("thelast2of2") && history.contains("1500.0") && history.contains("s=主轴/转速"),
        "{history}"
    );
    press(&mut view, &board, &input, &[KeyCode::Esc, KeyCode::Esc, KeyCode::End]);
    assert_eq!((view.selected, view.filter.as_str(), view.is_open), (2, "", false));

    let switches_input_method = KeyEvent::new(KeyCode::Char(' '), KeyModifiers::CONTROL);
    view.key(switches_input_method, &board, input.clock.now());
    assert!(view.frozen.is_none());
    press(&mut view, &board, &input, &[KeyCode::Char(' ')]);
    let now = input.clock.now();
    board.take(batch(now, &[(1, 1777.0, 0)]), &mut input);
    let paused = squeezed(&picture(&board, &mut view, &input, 100, 12));
    assert!(paused.contains("PAUSED") && paused.contains("1501.0") && !paused.contains("1777"), "{paused}");
    press(&mut view, &board, &input, &[KeyCode::Char(' ')]);
    assert!(squeezed(&picture(&board, &mut view, &input, 100, 12)).contains("1777.0"), "nothing was missed meanwhile");
    let quit = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(view.key(quit, &board, input.clock.now()), Wish::Quit);
}

#[test]
fn what_finds_no_room_is_counted_and_a_fast_field_keeps_its_last_values() {
    let mut input = input();
    let names: Vec<String> = (0..ROWS_MAX + 7).map(|number| format!("V{number}")).collect();
    let mut board = Board::new();
    board.take(Heard::Found(discovery(&names)), &mut input);
    let now = input.clock.now();
    let values: Vec<(u32, f64, u32)> = (0..100_000).map(|number| (3, f64::from(number), 0)).collect();
    board.take(batch(now, &values), &mut input);
    assert_eq!((board.rows.len(), board.without_room, board.heard), (ROWS_MAX, 7, 100_000));
    let row = board.rows.iter().find(|row| row.name == "V3").expect("a row");
    assert_eq!((row.history.len(), row.count), (HISTORY, 100_000));
    assert_eq!(row.text(row.history.back().expect("a value")), "99999.0");
    let shown = squeezed(&picture(&board, &mut View::default(), &input, 140, 12));
    assert!(shown.contains("7notshown"), "{shown}");
}
