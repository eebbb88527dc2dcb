//! Draws the live view into a few lines below the prompt; the text above stays.

use super::{Line, Tone};
use ratatui::backend::CrosstermBackend;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text;
use ratatui::widgets::Paragraph;
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::io::{self, Stdout, Write};

/// A few lines of the terminal.
pub(in super::super) struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Screen {
    /// Takes `height` lines below the cursor. Fails where the terminal does not tell where its cursor is; then plain
    /// lines serve.
    pub(in super::super) fn open(height: u16) -> io::Result<Self> {
        let options = TerminalOptions { viewport: Viewport::Inline(height) };
        Terminal::with_options(CrosstermBackend::new(io::stdout()), options).map(|terminal| Self { terminal })
    }

    pub(in super::super) fn draw(&mut self, lines: &[Line]) -> io::Result<()> {
        let lines: Vec<text::Line<'_>> = lines.iter().map(line).collect();
        self.terminal.draw(|frame| frame.render_widget(Paragraph::new(lines), frame.area())).map(drop)
    }

    /// Gives the cursor back below the lines.
    pub(in super::super) fn close(mut self) -> io::Result<()> {
        let area = self.terminal.get_frame().area();
        self.terminal.set_cursor_position((0, area.bottom().saturating_sub(1)))?;
        self.terminal.show_cursor()?;
        writeln!(io::stdout())
    }
}

fn line(pieces: &Line) -> text::Line<'_> {
    let spans = pieces.iter().flat_map(|(tone, text)| [text::Span::styled(text.as_str(), style(*tone)), "  ".into()]);
    spans.collect::<Vec<_>>().into()
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Strong => Style::new().add_modifier(Modifier::BOLD),
        Tone::Good => Style::new().fg(Color::Green),
        Tone::Bad => Style::new().fg(Color::Red),
        Tone::Quiet => Style::new().add_modifier(Modifier::DIM),
    }
}
