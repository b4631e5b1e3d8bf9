//! Two axes of a sweep: a target's share in each cell, and where the promise is kept.

use super::canvas::{Pen, Shape};
use super::sheet::{Anchor, Rect, Sheet};
use super::{Caption, Drawing, Frame, Verdict};
use crate::report::theme::{Paint, TextStyle, ellipsize, interval, percent, percent_digits, wrap};
use crate::units::count;

/// Height of a cell, in px.
const CELL_HEIGHT: f64 = 36.0;

/// Room right of a wide map for its notes, in px.
const NOTES: f64 = 130.0;

/// Room left of the cells for the values of the rows, in px: least and most.
const ROW_NAMES: (f64, f64) = (36.0, 110.0);

/// Least width of a column, in px, whose value may be broken or cut; in a narrower one it is left
/// out where it does not fit.
const HEAD_WIDTH_MIN: f64 = 22.0;

/// Room left and right of a cell's text together, in px.
const CELL_AIR: f64 = 6.0;

/// One axis of a sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatmapAxis {
    /// What is varied: `slots per destination`.
    pub name: String,
    /// Its values in words, in the order of the sweep.
    pub values: Vec<String>,
}

/// One design point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatmapCell {
    /// Share that kept the target, 0 to 1.
    pub share: f64,
    /// Lower end of its interval, 0 to 1.
    pub low: f64,
    /// Upper end of its interval, 0 to 1.
    pub high: f64,
    /// How the promise stands here.
    pub verdict: Verdict,
}

/// A target over two axes of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Heatmap {
    /// The axis from left to right.
    pub columns: HeatmapAxis,
    /// The axis from top to bottom.
    pub rows: HeatmapAxis,
    /// The cells, row by row; `None` where the sweep has no point.
    pub cells: Vec<Vec<Option<HeatmapCell>>>,
    /// Row and column of the scenario as it was asked, where the sweep holds it.
    pub as_asked: Option<(usize, usize)>,
}

impl Heatmap {
    /// Draws the map: a value in each cell, `?` where not sure, a frame around what keeps the
    /// promise. A map that is wider than high is turned on the narrow sheet.
    pub fn draw(&self, caption: &Caption, frame: Frame) -> Drawing {
        let mut sheet = Sheet::new(caption, frame);
        if self.cells.iter().flatten().all(Option::is_none) {
            return sheet.finish_empty();
        }
        if sheet.is_narrow() && self.rows.values.len() < self.columns.values.len() {
            self.turned().draw_on(&mut sheet);
        } else {
            self.draw_on(&mut sheet);
        }
        let bottom = sheet.top;
        sheet.finish(bottom, &self.values())
    }

    fn turned(&self) -> Heatmap {
        let cell = |row: usize, column: usize| self.cell(row, column);
        let cells = (0..self.columns.values.len())
            .map(|column| (0..self.rows.values.len()).map(|row| cell(row, column)).collect())
            .collect();
        Heatmap {
            columns: self.rows.clone(),
            rows: self.columns.clone(),
            cells,
            as_asked: self.as_asked.map(|(row, column)| (column, row)),
        }
    }

    fn cell(&self, row: usize, column: usize) -> Option<HeatmapCell> {
        self.cells.get(row)?.get(column).copied().flatten()
    }

    fn is_kept(&self, row: usize, column: usize) -> bool {
        self.cell(row, column).is_some_and(|cell| cell.verdict == Verdict::Yes)
    }

    fn draw_on(&self, sheet: &mut Sheet) {
        let widest = self
            .rows
            .values
            .iter()
            .map(|value| TextStyle::TICK.strong().width(value) + 10.0)
            .fold(ROW_NAMES.0, f64::max);
        let left = widest.min(ROW_NAMES.1);
        let notes = if sheet.is_narrow() { 2.0 } else { NOTES };
        let n_columns = self.columns.values.len().max(1);
        let left = left.ceil();
        let width = (sheet.width() - notes - left) / count(n_columns);
        let grid = Grid { left, top: self.write_heads(sheet, left, width), width };
        self.draw_cells(sheet, grid);
        self.draw_frames(sheet, grid);
        self.write_notes(sheet, grid);
    }

    /// Writes the name and the values of the columns; returns where the cells begin.
    fn write_heads(&self, sheet: &mut Sheet, left: f64, width: f64) -> f64 {
        let room = sheet.width() - left;
        let mut baseline = sheet.top + 10.0;
        let name = (left, baseline);
        baseline += sheet.paragraph(name, &self.columns.name, TextStyle::LABEL, (room, 2));
        let style = TextStyle::TICK;
        let n_lines_max = if width < HEAD_WIDTH_MIN { 1 } else { 3 };
        let blocks: Vec<Vec<String>> = self
            .columns
            .values
            .iter()
            .map(|value| wrap(value, style.strong(), (width - 5.0).max(8.0), n_lines_max))
            .collect();
        let n_lines = blocks.iter().map(Vec::len).max().unwrap_or(1);
        let last = baseline + 2.0 + (count(n_lines) - 1.0) * style.line_height();
        for (column, block) in blocks.iter().enumerate() {
            let asked = self.as_asked.is_some_and(|asked| asked.1 == column);
            let style = if asked { style.strong().in_paint(Paint::Ink) } else { style };
            let centre = left + (count(column) + 0.5) * width;
            for (line, text) in block.iter().rev().enumerate() {
                let baseline = last - count(line) * style.line_height();
                let text = ellipsize(text, style, width - 1.0);
                let is_whole = !text.contains('…') && block.len() == 1;
                if is_whole || HEAD_WIDTH_MIN <= width {
                    sheet.text((centre, baseline), &text, style, Anchor::Middle);
                }
            }
        }
        last + 8.0
    }

    fn draw_cells(&self, sheet: &mut Sheet, grid: Grid) {
        let style = cell_style(grid.width);
        for (row, value) in self.rows.values.iter().enumerate() {
            let asked = self.as_asked.is_some_and(|asked| asked.0 == row);
            let tick = TextStyle::TICK;
            let tick = if asked { tick.strong().in_paint(Paint::Ink) } else { tick };
            let text = ellipsize(value, tick, grid.left - 9.0);
            let middle = grid.top + (count(row) + 0.5) * CELL_HEIGHT + 4.0;
            sheet.text((grid.left - 8.0, middle), &text, tick, Anchor::End);
            for column in 0..self.columns.values.len() {
                let Some(cell) = self.cell(row, column) else { continue };
                let paint = self.paint(cell);
                let rect = grid.cell(row, column);
                let title = format!(
                    "{} {}, {} {}: {} ({}), {}",
                    self.rows.name,
                    value,
                    self.columns.name,
                    self.columns.values[column],
                    percent(cell.share),
                    interval(cell.low, cell.high),
                    cell.verdict.name()
                );
                sheet.mark(
                    &Shape::Block((rect.left, rect.top), (rect.right, rect.bottom)),
                    &Pen::fill(paint).crisp().titled(title),
                );
                if let Some(style) = style {
                    let text = cell_text(cell, grid.width, style);
                    let at = (f64::midpoint(rect.left, rect.right), middle);
                    let style = style.in_paint(paint.words_on());
                    sheet.text(at, &text, style, Anchor::Middle);
                }
            }
        }
    }

    /// The paint of a cell between the lowest and the highest share of the map.
    fn paint(&self, cell: HeatmapCell) -> Paint {
        let shares = || self.cells.iter().flatten().flatten().map(|cell| cell.share);
        let (low, high) = (shares().fold(1.0, f64::min), shares().fold(0.0, f64::max));
        Paint::heat(if high <= low { 1.0 } else { (cell.share - low) / (high - low) })
    }

    /// Draws the frame around the cells that keep the promise, and the one as asked.
    fn draw_frames(&self, sheet: &mut Sheet, grid: Grid) {
        let pen = Pen::stroke(Paint::OnLight, 2.5);
        for row in 0..self.rows.values.len() {
            for column in 0..self.columns.values.len() {
                let rect = grid.cell(row, column);
                let kept = self.is_kept(row, column);
                let below = self.is_kept(row + 1, column);
                let right = self.is_kept(row, column + 1);
                if kept && row == 0 {
                    sheet.line((rect.left, rect.top), (rect.right, rect.top), &pen);
                }
                if kept && column == 0 {
                    sheet.line((rect.left, rect.top), (rect.left, rect.bottom), &pen);
                }
                if kept != below {
                    sheet.line((rect.left, rect.bottom), (rect.right, rect.bottom), &pen);
                }
                if kept != right {
                    sheet.line((rect.right, rect.top), (rect.right, rect.bottom), &pen);
                }
            }
        }
        if let Some((row, column)) = self.as_asked
            && let Some(cell) = self.cell(row, column)
        {
            let rect = grid.cell(row, column);
            let (near, far) =
                ((rect.left + 4.0, rect.top + 4.0), (rect.right - 4.0, rect.bottom - 4.0));
            let corners = vec![near, (far.0, near.1), far, (near.0, far.1), near];
            let mut pen = Pen::stroke(self.paint(cell).words_on(), 1.5);
            pen.dash = Some((4, 3));
            sheet.mark(&Shape::Path(corners), &pen);
        }
    }

    /// Writes what frames and marks mean: beside a wide map, below a narrow one.
    fn write_notes(&self, sheet: &mut Sheet, grid: Grid) {
        let bottom = grid.top + count(self.rows.values.len()) * CELL_HEIGHT;
        let any = |verdict: Verdict| {
            self.cells.iter().flatten().flatten().any(|cell| cell.verdict == verdict)
        };
        let mut notes = vec![if any(Verdict::Yes) {
            "solid frame: promise kept"
        } else {
            "no cell keeps the promise"
        }];
        if any(Verdict::NotSure) {
            notes.push("“?”: not sure");
        }
        if self.as_asked.is_some() {
            notes.push("dashed: as asked");
        }
        let rows = format!("rows: {}", self.rows.name);
        let mut baseline;
        if sheet.is_narrow() {
            baseline = bottom + 20.0;
            let room = (sheet.width(), 4);
            baseline += sheet.paragraph((0.0, baseline), &rows, TextStyle::LABEL, room);
            let notes = notes.join(" · ");
            baseline += sheet.paragraph((0.0, baseline), &notes, TextStyle::NOTE, room);
        } else {
            let (left, room) = (sheet.width() - NOTES + 16.0, (NOTES - 16.0, 4));
            baseline = grid.top + 13.0;
            baseline += sheet.paragraph((left, baseline), &rows, TextStyle::LABEL, room);
            for note in notes {
                baseline += 6.0;
                baseline += sheet.paragraph((left, baseline), note, TextStyle::NOTE, room);
            }
        }
        sheet.top = bottom.max(baseline - 10.0) + 4.0;
    }

    fn values(&self) -> Vec<String> {
        let cell = |cell: Option<HeatmapCell>| match cell {
            Some(cell) if cell.verdict == Verdict::NotSure => {
                format!("{} (not sure)", percent(cell.share))
            }
            Some(cell) => percent(cell.share),
            None => "none".to_owned(),
        };
        let row = |(row, name): (usize, &String)| {
            let columns = 0..self.columns.values.len();
            let cells: Vec<String> = columns.map(|column| cell(self.cell(row, column))).collect();
            format!("{name}: {}.", cells.join(", "))
        };
        let what = format!("Share by {} and {}.", self.rows.name, self.columns.name);
        std::iter::once(what).chain(self.rows.values.iter().enumerate().map(row)).collect()
    }
}

/// Where the cells lie, in px.
#[derive(Clone, Copy)]
struct Grid {
    left: f64,
    top: f64,
    width: f64,
}

impl Grid {
    fn cell(self, row: usize, column: usize) -> Rect {
        let left = self.left + count(column) * self.width;
        let top = self.top + count(row) * CELL_HEIGHT;
        Rect { left, top, right: left + self.width, bottom: top + CELL_HEIGHT }
    }
}

/// The largest style in which every cell can show at least whole percents.
fn cell_style(width: f64) -> Option<TextStyle> {
    let shows = |style: &TextStyle| style.width("99?") + CELL_AIR <= width;
    let smaller = TextStyle { size: 11.0, ..TextStyle::LABEL };
    [TextStyle::LABEL, smaller].into_iter().find(shows)
}

/// The share with as many digits as fit into the cell; never rounded up to all.
fn cell_text(cell: HeatmapCell, width: f64, style: TextStyle) -> String {
    let mark = if cell.verdict == Verdict::NotSure { "?" } else { "" };
    let full = percent_digits(cell.share);
    let fits = |text: &str| style.width(text) + CELL_AIR <= width;
    let mut text = full.clone();
    while !fits(&format!("{text}{mark}")) && text.contains('.') {
        text.pop();
        if text.ends_with('.') {
            text.pop();
        }
    }
    format!("{text}{mark}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At 12 px digits are 6.67 px, a dot 3.33 px, and `?` 6.67 px wide, and the air is 6 px:
    /// `99.976?` takes 49.4 px, `99.9?` 36.0 px, `99?` 26.0 px. What does not fit is cut, not
    /// rounded, so that 99.976 never reads 100.
    #[test]
    fn a_cell_cuts_what_does_not_fit() {
        let verdict = Verdict::NotSure;
        let cell = HeatmapCell { share: 0.99976, low: 0.9, high: 1.0, verdict };
        assert_eq!(cell_text(cell, 60.0, TextStyle::LABEL), "99.976?");
        assert_eq!(cell_text(cell, 37.0, TextStyle::LABEL), "99.9?");
        assert_eq!(cell_text(cell, 27.0, TextStyle::LABEL), "99?");
    }

    /// Two rows and three columns: on the narrow sheet the three values stand at the left.
    #[test]
    fn a_wide_map_is_turned_when_narrow() {
        let axis = |name: &str, values: &[&str]| HeatmapAxis {
            name: name.to_owned(),
            values: values.iter().map(|&value| value.to_owned()).collect(),
        };
        let cell = HeatmapCell { share: 0.5, low: 0.4, high: 0.6, verdict: Verdict::No };
        let map = Heatmap {
            columns: axis("slots", &["1", "2", "3"]),
            rows: axis("loads", &["4", "5"]),
            cells: vec![vec![Some(cell); 3]; 2],
            as_asked: Some((1, 2)),
        };
        let caption = Caption { title: String::new(), subtitle: String::new() };
        let drawn = |width| map.draw(&caption, Frame::page(width)).to_svg();
        assert!(drawn(super::super::PlotWidth::Wide).contains("rows: loads"));
        assert!(drawn(super::super::PlotWidth::Narrow).contains("rows: slots"));
        assert_eq!(map.turned().as_asked, Some((2, 1)));
        assert_eq!(map.turned().turned(), map);
    }
}
