//! The full screen: a table of fields by machine, findings below, and one field's last values.

use super::Outcome;
use super::board::{Board, ROWS_MAX, Row};
use super::fields::{Input, age_ms};
use super::glob::Glob;
use super::line::{cut, status_name, words};
use crate::cli::Face;
use crate::finding::visible;
use crate::model::{Now, StatusCode, Timestamp};
use crate::port::LinkState;
use crate::runtime::tap::Heard;
use ratatui::Frame;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Cell, Paragraph, Row as TableRow, Table};
use std::io;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Between two pictures.
const PICTURE: Duration = Duration::from_millis(100);
/// Keys that wait.
const KEYS: usize = 32;
/// Signs of a filter.
const FILTER: usize = 100;
/// Findings that are shown, where there is room.
const FINDINGS: u16 = 4;

/// What the user has chosen.
#[derive(Debug, Default)]
pub(super) struct View {
    pub(super) filter: String,
    pub(super) is_typing: bool,
    /// Among the rows that match.
    pub(super) selected: usize,
    pub(super) is_open: bool,
    /// What is shown while paused; what comes is heard all the same.
    pub(super) frozen: Option<(Board, Now)>,
}

/// What a key asks for beside the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Nothing,
    Quit,
}

/// Shows what is heard until `stop`, until so many matched, or until the user ends it. Only what is drawn becomes text: a fast source is heard at
/// its own pace.
///
/// # Errors
/// The terminal does not do what it is told.
pub(super) async fn show(
    mut input: Input,
    mut heard: mpsc::Receiver<Heard>,
    most: Option<u64>,
    face: &Face,
    stop: &CancellationToken,
) -> io::Result<Outcome> {
    let mut terminal = ratatui::try_init()?;
    let mut keys = keys(stop.clone());
    let (mut board, mut view) = (Board::new(), View::default());
    let mut pictures = tokio::time::interval(PICTURE);
    pictures.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let ended = loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break Ok(()),
            Some(event) = keys.recv() => {
                if let Event::Key(key) = event
                    && view.key(key, &board, input.clock.now()) == Wish::Quit
                {
                    break Ok(());
                }
            }
            _ = pictures.tick() => {
                let now = input.clock.now();
                if let Err(error) = terminal.draw(|frame| draw(frame, &board, &mut view, &input, now, face)) {
                    break Err(error);
                }
            }
            next = heard.recv() => match next {
                Some(next) => board.take(next, &mut input),
                None => break Ok(()),
            },
        }
        if most.is_some_and(|most| board.shown >= most) {
            break Ok(());
        }
    };
    ratatui::try_restore()?;
    ended?;
    Ok(Outcome { was_linked: board.was_linked, is_left: false, is_invalid: board.is_invalid })
}

/// Keys, read on a thread of its own: the terminal is asked, and asking waits.
fn keys(stop: CancellationToken) -> mpsc::Receiver<Event> {
    let (sender, receiver) = mpsc::channel(KEYS);
    std::thread::spawn(move || {
        while !stop.is_cancelled() && !sender.is_closed() {
            match event::poll(PICTURE) {
                Ok(false) => {}
                Ok(true) => match event::read() {
                    // A key too many is no loss.
                    Ok(event) => drop(sender.try_send(event)),
                    Err(_) => return,
                },
                Err(_) => return,
            }
        }
    });
    receiver
}

impl View {
    /// Does what a key says.
    pub(super) fn key(&mut self, key: KeyEvent, board: &Board, now: Now) -> Wish {
        if key.kind == KeyEventKind::Release {
            return Wish::Nothing;
        }
        if key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c') {
            return Wish::Quit;
        }
        if self.is_typing {
            match key.code {
                KeyCode::Enter => self.is_typing = false,
                KeyCode::Esc => {
                    self.is_typing = false;
                    self.filter.clear();
                }
                KeyCode::Backspace => drop(self.filter.pop()),
                KeyCode::Char(_) if key.modifiers == KeyModifiers::CONTROL => {}
                KeyCode::Char(sign) if self.filter.chars().count() < FILTER => self.filter.push(sign),
                _ => {}
            }
            self.selected = 0;
            return Wish::Nothing;
        }
        let last = self.rows(board).len().saturating_sub(1);
        match key.code {
            KeyCode::Char('q') => return Wish::Quit,
            KeyCode::Esc if self.is_open => self.is_open = false,
            KeyCode::Esc => self.filter.clear(),
            KeyCode::Char('/') => {
                self.is_typing = true;
                self.is_open = false;
            }
            // Ctrl+Space is a key of its own: input methods are switched by it.
            KeyCode::Char(' ') if key.modifiers.is_empty() => {
                self.frozen = if self.frozen.is_some() { None } else { Some((board.clone(), now)) };
            }
            KeyCode::Enter => self.is_open = !self.is_open,
            KeyCode::Up => self.selected = self.selected.saturating_sub(1),
            KeyCode::Down => self.selected = (self.selected + 1).min(last),
            KeyCode::PageUp => self.selected = self.selected.saturating_sub(10),
            KeyCode::PageDown => self.selected = (self.selected + 10).min(last),
            KeyCode::Home => self.selected = 0,
            KeyCode::End => self.selected = last,
            _ => {}
        }
        Wish::Nothing
    }

    /// Rows that match the filter, in order.
    fn rows<'a>(&self, board: &'a Board) -> Vec<&'a Row> {
        let all = board.order.iter().filter_map(|at| board.rows.get(*at));
        if self.filter.is_empty() {
            return all.collect();
        }
        let glob = Glob::typed(&self.filter);
        all.filter(|row| glob.matches(&row.group) || glob.matches(&row.name) || glob.matches(&row.node)).collect()
    }
}

/// Draws everything.
pub(super) fn draw(frame: &mut Frame<'_>, live: &Board, view: &mut View, input: &Input, now: Now, face: &Face) {
    let (board, now) = match &view.frozen {
        Some((board, then)) => (board, *then),
        None => (live, now),
    };
    let rows = view.rows(board);
    let selected = view.selected.min(rows.len().saturating_sub(1));
    let area = frame.area();
    let told = (board.findings.len() as u16).min(FINDINGS).min(area.height / 4);
    let parts = [Constraint::Length(1), Constraint::Min(1), Constraint::Length(told), Constraint::Length(1)];
    let [head, middle, findings, foot] = Layout::vertical(parts).areas(area);
    frame.render_widget(Paragraph::new(header(board, view, input, rows.len(), now, face)), head);
    match rows.get(selected).filter(|_| view.is_open) {
        Some(row) => history(frame, middle, row, now, face),
        None => table(frame, middle, &rows, selected, now, face),
    }
    let newest = board.findings.iter().rev().take(usize::from(told)).collect::<Vec<_>>();
    let lines: Vec<Line<'_>> = newest
        .iter()
        .rev()
        .map(|(time, finding)| {
            let text = format!("{} {}", clock_text(Some(*time), now.wall), words(finding, face));
            Line::styled(text, Style::new().fg(Color::Yellow))
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), findings);
    let keys = if view.is_typing {
        Line::from(vec![Span::raw("/"), Span::raw(visible(&view.filter).into_owned()), Span::raw("▏")])
    } else {
        Line::styled(face.text("tap-keys", &[]), Style::new().add_modifier(Modifier::DIM))
    };
    frame.render_widget(Paragraph::new(keys), foot);
    view.selected = selected;
}

fn header(board: &Board, view: &View, input: &Input, shown: usize, now: Now, face: &Face) -> Line<'static> {
    let (color, word) = match &board.link {
        LinkState::Connecting => (Color::Gray, "live-connecting"),
        LinkState::Connected => (Color::Green, "live-connected"),
        LinkState::Lost(_) => (Color::Red, "live-lost"),
        LinkState::Refused(_) => (Color::Red, "live-refused"),
    };
    let strong = Style::new().add_modifier(Modifier::BOLD);
    let mut pieces = vec![
        Span::styled(visible(&input.connection).into_owned(), strong),
        Span::raw(" "),
        Span::styled(face.text(word, &[]), Style::new().fg(color)),
    ];
    if view.frozen.is_some() {
        let style = Style::new().fg(Color::Black).bg(Color::Yellow);
        pieces.extend([Span::raw("  "), Span::styled(face.text("tap-paused", &[]), style)]);
    }
    let rate = format!("{:.0}", board.rate.per_second(now.monotonic));
    let (all, shown) = (board.rows.len().to_string(), shown.to_string());
    let facts = [("shown", shown.as_str()), ("all", &all), ("rate", &rate)];
    pieces.push(Span::raw(format!("  {}", face.text("tap-counts", &facts))));
    if !view.filter.is_empty() && !view.is_typing {
        pieces.push(Span::raw(format!("  /{}", visible(&view.filter))));
    }
    let lost = board.gaps + input.counters.overflows.get();
    for (id, count) in [("tap-lost", lost), ("tap-without-room", board.without_room)] {
        if count > 0 {
            let facts = [("count", count.to_string()), ("limit", ROWS_MAX.to_string())];
            let facts: Vec<(&str, &str)> = facts.iter().map(|(name, fact)| (*name, fact.as_str())).collect();
            pieces.push(Span::styled(format!("  {}", face.text(id, &facts)), Style::new().fg(Color::Red)));
        }
    }
    Line::from(pieces)
}

/// Columns that a width has room for, the most needed first.
fn columns(width: u16) -> Vec<(&'static str, Constraint)> {
    let mut columns = vec![("tap-field", Constraint::Fill(3)), ("tap-value", Constraint::Fill(2))];
    let more = [
        (50, 2, "tap-status", Constraint::Length(14)),
        (64, 2, "tap-age", Constraint::Length(8)),
        (80, 0, "tap-machine", Constraint::Length(16)),
        (92, 4, "tap-rate", Constraint::Length(8)),
        (110, 4, "tap-time", Constraint::Length(12)),
    ];
    for (from, at, id, constraint) in more {
        if width >= from {
            let at = at.min(columns.len());
            let at = if id == "tap-age" { columns.len() } else { at };
            columns.insert(at, (id, constraint));
        }
    }
    columns
}

fn table(frame: &mut Frame<'_>, area: Rect, rows: &[&Row], selected: usize, now: Now, face: &Face) {
    let columns = columns(area.width);
    let fixed: u16 = columns
        .iter()
        .map(|(id, constraint)| match constraint {
            Constraint::Length(length) => length + 1,
            _ => u16::from(*id == "tap-value"),
        })
        .sum();
    // What is left goes to the field and its value, three parts to two.
    let name_width = usize::from(area.width.saturating_sub(fixed)) * 3 / 5;
    let height = usize::from(area.height.saturating_sub(1)).max(1);
    // The chosen row stays in sight; only what is in sight becomes text.
    let first = (selected + 1).saturating_sub(height);
    let shown = rows.iter().enumerate().skip(first).take(height).map(|(at, row)| {
        let entry = row.history.back();
        let cells = columns.iter().map(|(id, _)| {
            let text = match *id {
                "tap-machine" => cut(&row.group),
                "tap-field" => tail(cut(&row.name), name_width),
                "tap-value" => entry.map_or_else(|| "…".to_owned(), |entry| row.text(entry)),
                "tap-status" => entry.map_or_else(String::new, |entry| status_name(entry.status).into_owned()),
                "tap-time" => clock_text(entry.and_then(|entry| entry.time), now.wall),
                "tap-age" => entry.and_then(|entry| entry.time).map_or_else(String::new, |time| age(time, now.wall)),
                _ => format!("{:.1}/s", row.rate.per_second(now.monotonic)),
            };
            let style = match (*id, entry) {
                ("tap-status" | "tap-value", Some(entry)) => Style::new().fg(color(entry.status)),
                _ => Style::new(),
            };
            Cell::from(Span::styled(text, style))
        });
        let style = if at == selected { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new() };
        TableRow::new(cells.collect::<Vec<_>>()).style(style)
    });
    let names = columns.iter().map(|(id, _)| Cell::from(face.text(id, &[])));
    let header = TableRow::new(names.collect::<Vec<_>>()).style(Style::new().add_modifier(Modifier::BOLD));
    let widths: Vec<Constraint> = columns.iter().map(|(_, constraint)| *constraint).collect();
    frame.render_widget(Table::new(shown.collect::<Vec<_>>(), widths).header(header), area);
}

/// One field: its last values, newest first; of a topic also its newest message.
fn history(frame: &mut Frame<'_>, area: Rect, row: &Row, now: Now, face: &Face) {
    let title = format!("{}  {}", cut(&row.group), cut(&row.name));
    let mut lines = vec![Line::styled(title, Style::new().add_modifier(Modifier::BOLD)), Line::raw(cut(&row.node))];
    let count = row.count.to_string();
    lines.push(Line::raw(face.text("tap-history", &[("kept", &row.history.len().to_string()), ("count", &count)])));
    if row.payload.is_empty() {
        for entry in row.history.iter().rev() {
            let time = clock_text(entry.time, now.wall);
            let status = Span::styled(status_name(entry.status), Style::new().fg(color(entry.status)));
            lines.push(Line::from(vec![
                Span::raw(format!("{time:<12}  ")),
                status,
                Span::raw(format!("  {}", row.text(entry))),
            ]));
        }
    } else {
        for entry in row.history.iter().rev().take(3) {
            lines.push(Line::raw(format!("{}  {}", clock_text(entry.time, now.wall), status_name(entry.status))));
        }
        let value: Option<serde_json::Value> = serde_json::from_slice(&row.payload).ok();
        let pretty = value.and_then(|value| serde_json::to_string_pretty(&value).ok());
        let text = pretty.unwrap_or_else(|| String::from_utf8_lossy(&row.payload).into_owned());
        lines.extend(text.lines().take(usize::from(area.height)).map(|line| Line::raw(cut(line))));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// The end of a path says more than its beginning.
fn tail(text: String, width: usize) -> String {
    if Span::raw(text.as_str()).width() <= width {
        return text;
    }
    let mut signs = text.chars();
    while Span::raw(signs.as_str()).width() >= width.max(1) && signs.next().is_some() {}
    format!("…{}", signs.as_str())
}

fn color(status: StatusCode) -> Color {
    match status {
        status if status.is_good() => Color::Green,
        status if status.is_uncertain() => Color::Yellow,
        _ => Color::Red,
    }
}

/// The time of day to a millisecond, UTC; the date where it is another day.
fn clock_text(time: Option<Timestamp>, now: Timestamp) -> String {
    let Some(time) = time else { return "-".to_owned() };
    let (text, today) = (time.to_string(), now.to_string());
    if text.get(..10) != today.get(..10) {
        return text.get(..10).unwrap_or_default().to_owned();
    }
    let end = text.len().saturating_sub(1).min(23);
    text.get(11..end).unwrap_or_default().to_owned()
}

fn age(time: Timestamp, now: Timestamp) -> String {
    let ms = age_ms(time, now);
    let seconds = ms / 1000;
    match seconds.unsigned_abs() {
        0..60 => format!("{:.1} s", ms as f64 / 1000.0),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}
