//! Rows of marks with names: beside its mark when wide, above it when narrow.

use super::canvas::Pen;
use super::sheet::{Anchor, Sheet};
use crate::report::theme::{TextStyle, wrap};
use crate::units::count;

/// Room left of wide marks for their names, in px: least and most.
const NAMES: (f64, f64) = (60.0, 190.0);

/// Most lines of a name: wide, narrow.
const LINES_MAX: (usize, usize) = (3, 2);

/// How rows are laid out, in px.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Where marks begin.
    pub(super) left: f64,
    /// Height of a mark.
    pub(super) mark: f64,
    /// Narrow: room at the right of a name, for a value.
    pub(super) beside: f64,
    /// Narrow: room below a mark, for a note.
    pub(super) below: f64,
    /// Between one row and the next.
    pub(super) gap: f64,
}

/// A row with its name.
#[derive(Debug, Clone)]
pub(super) struct NamedRow {
    top: f64,
    /// Top of the mark.
    pub(super) mark: f64,
    height: f64,
    lines: Vec<String>,
    style: TextStyle,
}

/// Room for the longest of some names left of wide marks, within its bounds; none when narrow.
pub(super) fn names_room<'n>(sheet: &Sheet, names: impl IntoIterator<Item = &'n str>) -> f64 {
    if sheet.is_narrow() {
        return 0.0;
    }
    let widths = names.into_iter().map(|name| TextStyle::STRONG.width(name) + 12.0);
    widths.fold(NAMES.0, f64::max).min(NAMES.1)
}

/// Where each row begins, from `top` downwards, and the lines of its name; which are bold.
pub(super) fn lay_out<'n>(
    sheet: &Sheet,
    mut top: f64,
    layout: Layout,
    names: impl IntoIterator<Item = (&'n str, bool)>,
) -> Vec<NamedRow> {
    let mut rows = Vec::new();
    for (name, is_strong) in names {
        let style = if is_strong { TextStyle::STRONG } else { TextStyle::LABEL };
        let is_narrow = sheet.is_narrow();
        let (room, n_lines) = if is_narrow {
            (sheet.width() - layout.beside, LINES_MAX.1)
        } else {
            (layout.left - 12.0, LINES_MAX.0)
        };
        let lines = wrap(name, style, room, n_lines);
        let names = count(lines.len()) * style.line_height();
        let mark = if is_narrow {
            top + names + 5.0
        } else {
            top + ((names - layout.mark) / 2.0).max(0.0)
        };
        rows.push(NamedRow { top, mark, height: layout.mark, lines, style });
        let below = if is_narrow { layout.below } else { 0.0 };
        top = f64::max(mark + layout.mark + below, top + names) + layout.gap;
    }
    rows
}

/// Lower end of the last row, in px.
pub(super) fn bottom_of(rows: &[NamedRow], sheet: &Sheet, layout: Layout) -> f64 {
    let below = if sheet.is_narrow() { layout.below } else { 0.0 };
    rows.last().map_or(sheet.top, |row| row.mark + layout.mark + below)
}

/// Draws an upright line at `x` behind all rows, or when narrow behind their marks alone, so that it
/// crosses no name.
pub(super) fn upright(
    sheet: &mut Sheet,
    x: f64,
    rows: &[NamedRow],
    (top, bottom): (f64, f64),
    pen: &Pen,
) {
    if !sheet.is_narrow() {
        sheet.line((x, top), (x, bottom), pen);
        return;
    }
    for row in rows {
        let (from, to) = row.reach();
        sheet.line((x, from), (x, to), pen);
    }
}

impl NamedRow {
    /// From where to where lines behind a narrow mark go.
    pub(super) fn reach(&self) -> (f64, f64) {
        (self.mark - 3.0, self.mark + self.height + 3.0)
    }

    /// Baseline of the first line of the name.
    pub(super) fn first_baseline(&self, is_narrow: bool) -> f64 {
        let height = count(self.lines.len()) * self.style.line_height();
        let top = if is_narrow { self.top } else { self.mark + (self.height - height) / 2.0 };
        top + self.style.size - 1.0
    }

    /// Baseline of words beside the middle of the mark.
    pub(super) fn baseline(&self) -> f64 {
        self.mark + self.height / 2.0 + 4.0
    }

    /// Writes the name: right-aligned before `left`, or above the mark.
    pub(super) fn write_name(&self, sheet: &mut Sheet, left: f64) {
        let is_narrow = sheet.is_narrow();
        for (place, line) in self.lines.iter().enumerate() {
            let down = count(place) * self.style.line_height();
            let baseline = self.first_baseline(is_narrow) + down;
            if is_narrow {
                sheet.text((0.0, baseline), line, self.style, Anchor::Start);
            } else {
                sheet.text((left - 10.0, baseline), line, self.style, Anchor::End);
            }
        }
    }
}
