//! A plot: its two scales, grid and ticks, steps and bands, and the words beside it.

use super::axis::{Scale, Tick};
use super::canvas::{Pen, Place, Shape, thin};
use super::sheet::{Anchor, Rect, Sheet, text_rect};
use crate::report::theme::{BAND_OPACITY, Paint, TextStyle, wrap};
use crate::units::count;

/// Room right of a wide plot for the words beside it, in px.
pub(super) const BESIDE: f64 = 150.0;

/// Room right of a narrow plot, in px.
const BESIDE_NARROW: f64 = 12.0;

/// Gap between a plot and its words, in px.
const GAP: f64 = 10.0;

/// Space below a plot for its tick labels, in px.
pub(super) const BELOW: f64 = 22.0;

/// Two scales: x from left to right, y from bottom to top.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panel {
    pub(super) x: Scale,
    pub(super) y: Scale,
}

/// Left and right edge of a plot with these ticks at its left, in px.
pub(super) fn edges<'a>(sheet: &Sheet, ticks: impl IntoIterator<Item = &'a Tick>) -> (f64, f64) {
    let widest =
        ticks.into_iter().map(|tick| TextStyle::TICK.width(&tick.label)).fold(0.0, f64::max);
    let (least, beside) = if sheet.is_narrow() { (28.0, BESIDE_NARROW) } else { (44.0, BESIDE) };
    ((widest + GAP).max(least), sheet.width() - beside)
}

impl Panel {
    /// Left, right, top, and bottom edge in px.
    pub(super) fn rect(&self) -> Rect {
        let ((left, right), (bottom, top)) = (self.x.ends(), self.y.ends());
        Rect { left, top, right, bottom }
    }

    /// Where a value stands on the sheet.
    pub(super) fn at(&self, x: f64, y: f64) -> Place {
        (self.x.at(x), self.y.at(y))
    }

    /// Draws the horizontal grid with its labels; the lowest line is the axis.
    pub(super) fn rows(&self, sheet: &mut Sheet, ticks: &[Tick]) {
        let rect = self.rect();
        for tick in ticks {
            let y = self.y.at(tick.value);
            let is_axis = rect.bottom - y < 0.05;
            let paint = if is_axis { Paint::Axis } else { Paint::Grid };
            sheet.line((rect.left, y), (rect.right, y), &Pen::stroke(paint, 1.0));
            let label = (rect.left - 7.0, y + 4.0);
            if sheet.is_free(text_rect(label, &tick.label, TextStyle::TICK, Anchor::End)) {
                sheet.text(label, &tick.label, TextStyle::TICK, Anchor::End);
            }
        }
    }

    /// Writes the labels below the x axis; what would touch another label is left out, the last
    /// one, which names the unit, never.
    pub(super) fn columns(&self, sheet: &mut Sheet, ticks: &[Tick]) {
        columns(sheet, self.x, self.rect().bottom + 16.0, ticks);
    }

    /// Draws a line through `places`.
    pub(super) fn curve(&self, sheet: &mut Sheet, places: &[Place], pen: &Pen) {
        let places: Vec<Place> = places.iter().map(|&(x, y)| self.at(x, y)).collect();
        match thin(&places)[..] {
            [] => {}
            [only] => sheet.dot(only, 2.5, &Pen::fill(pen.stroke.unwrap_or(Paint::Ink))),
            ref kept => sheet.mark(&Shape::Path(kept.to_vec()), pen),
        }
    }

    /// Draws the band between two lines over the same x.
    pub(super) fn band(&self, sheet: &mut Sheet, low: &[Place], high: &[Place], paint: Paint) {
        let px = |line: &[Place]| -> Vec<Place> {
            thin(&line.iter().map(|&(x, y)| self.at(x, y)).collect::<Vec<Place>>())
        };
        let (mut around, back) = (px(high), px(low));
        around.extend(back.into_iter().rev());
        if 3 <= around.len() {
            sheet.mark(&Shape::Surface(around), &Pen::fill(paint).through(BAND_OPACITY));
        }
    }

    /// Draws a dashed line at the height of `y`.
    pub(super) fn limit(&self, sheet: &mut Sheet, y: f64) {
        let (rect, y) = (self.rect(), self.y.at(y));
        sheet.line((rect.left, y), (rect.right, y), &Pen::limit());
    }
}

/// Writes tick labels centred on their places, the baseline at `baseline`.
pub(super) fn columns(sheet: &mut Sheet, x: Scale, baseline: f64, ticks: &[Tick]) {
    let order = ticks.last().into_iter().chain(ticks.iter().take(ticks.len().saturating_sub(1)));
    for tick in order {
        let half = TextStyle::TICK.width(&tick.label) / 2.0;
        let centre = x.at(tick.value).clamp(half, (sheet.width() - half).max(half));
        let rect = text_rect((centre, baseline), &tick.label, TextStyle::TICK, Anchor::Middle);
        if sheet.is_free_with_air(rect, 5.0) {
            sheet.text((centre, baseline), &tick.label, TextStyle::TICK, Anchor::Middle);
        }
    }
}

/// The corners of a line that keeps each value until the next one, up to `end`.
pub(super) fn steps(values: &[Place], end: f64) -> Vec<Place> {
    let mut corners: Vec<Place> = Vec::with_capacity(2 * values.len() + 1);
    for &(x, y) in values {
        if let Some(&(_, before)) = corners.last() {
            corners.push((x, before));
        }
        corners.push((x, y));
    }
    if let Some(&(x, y)) = corners.last() {
        corners.push((end.max(x), y));
    }
    corners
}

/// What is written about a plot: a name and notes, beside it when wide, above it when narrow.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub(super) name: String,
    pub(super) notes: Vec<(String, TextStyle)>,
}

/// Most lines of a name, and of one note.
const LABEL_LINES_MAX: usize = 3;

impl Label {
    /// Height of the words above a plot, in px.
    pub(super) fn height_above(&self, sheet: &Sheet) -> f64 {
        self.lay_out_above(sheet).last().map_or(0.0, |(at, _, _)| at.1) + 9.0
    }

    /// Writes the words above a plot, from `top` downwards.
    pub(super) fn write_above(&self, sheet: &mut Sheet, top: f64) {
        for (at, text, style) in self.lay_out_above(sheet) {
            sheet.text((at.0, top + at.1), &text, style, Anchor::Start);
        }
    }

    /// Height of the words beside a plot, in px.
    pub(super) fn height_beside(&self) -> f64 {
        count(self.lines_beside().len()) * TextStyle::LABEL.line_height()
    }

    /// Writes the words beside a plot, from `top` downwards.
    pub(super) fn write_beside(&self, sheet: &mut Sheet, top: f64) {
        let left = sheet.width() - BESIDE + GAP + 2.0;
        for (place, (text, style)) in self.lines_beside().into_iter().enumerate() {
            let baseline = top + 11.0 + count(place) * TextStyle::LABEL.line_height();
            sheet.text((left, baseline), &text, style, Anchor::Start);
        }
    }

    fn lines_beside(&self) -> Vec<(String, TextStyle)> {
        let name = (self.name.clone(), TextStyle::STRONG);
        let room = BESIDE - GAP - 2.0;
        std::iter::once(&name)
            .chain(&self.notes)
            .flat_map(|(text, style)| {
                wrap(text, *style, room, LABEL_LINES_MAX).into_iter().map(|line| (line, *style))
            })
            .collect()
    }

    /// Name first, notes after it on the same line while they fit.
    fn lay_out_above(&self, sheet: &Sheet) -> Vec<(Place, String, TextStyle)> {
        let room = sheet.width();
        let line_height = TextStyle::LABEL.line_height();
        let mut baseline = 11.0;
        let mut laid = Vec::new();
        let mut x = 0.0;
        let name = wrap(&self.name, TextStyle::STRONG, room, LABEL_LINES_MAX);
        for (place, line) in name.into_iter().enumerate() {
            baseline = 11.0 + count(place) * line_height;
            x = TextStyle::STRONG.width(&line) + GAP;
            laid.push(((0.0, baseline), line, TextStyle::STRONG));
        }
        for (text, style) in &self.notes {
            for line in wrap(text, *style, room, LABEL_LINES_MAX) {
                let width = style.width(&line);
                if room < x + width {
                    (x, baseline) = (0.0, baseline + line_height);
                }
                laid.push(((x, baseline), line, *style));
                x += width + GAP;
            }
        }
        laid
    }
}

/// Moves labels of `height` px apart that want to stand at `wanted` (centres, in any order), and
/// keeps them between `top` and `bottom` while there is room; returns their centres.
pub(super) fn spread(wanted: &[f64], height: f64, (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&one, &other| wanted[one].total_cmp(&wanted[other]));
    let mut centres = wanted.to_vec();
    let mut lowest = top + height / 2.0;
    for &label in &order {
        centres[label] = centres[label].max(lowest);
        lowest = centres[label] + height;
    }
    let mut highest = bottom - height / 2.0;
    for &label in order.iter().rev() {
        centres[label] = centres[label].min(highest);
        highest = centres[label] - height;
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value of 1 from x = 0, of 3 from x = 2, seen until x = 5.
    #[test]
    fn a_step_keeps_its_value_until_the_next() {
        let corners = steps(&[(0.0, 1.0), (2.0, 3.0)], 5.0);
        assert_eq!(corners, [(0.0, 1.0), (2.0, 1.0), (2.0, 3.0), (5.0, 3.0)]);
    }

    /// Two labels of 10 px that both want 50: the first stays, the second moves to 60; at the
    /// lower edge (58) both move up: 53 and 43.
    #[test]
    fn labels_that_want_one_place_part() {
        assert_eq!(spread(&[50.0, 50.0], 10.0, (0.0, 100.0)), [50.0, 60.0]);
        assert_eq!(spread(&[50.0, 50.0], 10.0, (0.0, 58.0)), [43.0, 53.0]);
    }
}
