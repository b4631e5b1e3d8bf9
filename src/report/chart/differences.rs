//! Paired differences with their intervals: what a change does, against zero and what is needed.

use super::axis::{Scale, n_labels, signed_ticks};
use super::canvas::{Pen, Shape};
use super::named::{Layout, NamedRow, bottom_of, lay_out, names_room, upright};
use super::panel::{BELOW, columns};
use super::sheet::{Anchor, Sheet, text_rect};
use super::verdicts::draw_shape;
use super::{Caption, Drawing, Frame, Verdict};
use crate::report::theme::{NBSP, Paint, TextStyle, ellipsize, signed_number, text_width};

/// Height of a row's mark, in px.
const MARK: f64 = 14.0;

/// A difference so many times farther out than the next is drawn as an arrow.
const OFF_SCALE: f64 = 6.0;

/// Room right of wide marks for what stands beside, in px: least and most.
const BESIDE: (f64, f64) = (VALUE, 230.0);

/// Room right of the axis for the value of a mark at its end, in px.
const VALUE: f64 = 46.0;

/// How the rows lie, but for where they begin.
const LAYOUT: Layout = Layout { left: 0.0, mark: MARK, beside: 4.0, below: 20.0, gap: 11.0 };

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceRow {
    /// What is changed, or what is measured.
    pub name: String,
    /// The mean difference, in the unit of its group.
    pub difference: f64,
    /// Its 95 % interval; none where all pairs differ by the same.
    pub interval: Option<(f64, f64)>,
    /// How the promise stands then, where it is about one.
    pub verdict: Option<Verdict>,
    /// Bold: chosen.
    pub is_strong: bool,
    /// What stands beside: the share then, and the price.
    pub beside: String,
}

/// Differences of one unit over one axis.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceGroup {
    /// What the axis shows, with its unit.
    pub heading: String,
    /// What stands beside.
    pub beside: String,
    /// The difference that would be enough, in the same unit; none where nothing is missing.
    pub needed: Option<f64>,
    /// The rows, from top to bottom.
    pub rows: Vec<DifferenceRow>,
}

/// Groups of differences below one another.
#[derive(Debug, Clone, PartialEq)]
pub struct Differences {
    /// The groups, from top to bottom.
    pub groups: Vec<DifferenceGroup>,
}

impl Differences {
    /// Draws a dot with its interval for each difference; zero is a line, what is needed dashed.
    pub fn draw(&self, caption: &Caption, frame: Frame) -> Drawing {
        let mut sheet = Sheet::new(caption, frame);
        if self.groups.iter().all(|group| group.rows.is_empty()) {
            return sheet.finish_empty();
        }
        let names = self.groups.iter().flat_map(|group| &group.rows).map(|row| row.name.as_str());
        let left = names_room(&sheet, names);
        let beside = if sheet.is_narrow() { VALUE } else { self.beside_room() };
        let edges = (left + 6.0, sheet.width() - beside);
        let mut bottom = sheet.top;
        for group in self.groups.iter().filter(|group| !group.rows.is_empty()) {
            bottom = group.draw(&mut sheet, left, edges);
            sheet.top = bottom + 14.0;
        }
        sheet.finish(bottom, &self.values())
    }

    fn beside_room(&self) -> f64 {
        let rows = self.groups.iter().flat_map(|group| &group.rows);
        let widths = rows.map(|row| text_width(&row.beside, TextStyle::STRONG) + VALUE + 20.0);
        widths.fold(BESIDE.0, f64::max).min(BESIDE.1)
    }

    fn values(&self) -> Vec<String> {
        let row = |row: &DifferenceRow| {
            let ends = row.interval.map_or_else(String::new, |(low, high)| {
                format!(" ({} to {})", signed_number(low), signed_number(high))
            });
            let mut parts = vec![format!("{}: {}{ends}", row.name, signed_number(row.difference))];
            parts.extend(row.verdict.map(|verdict| format!("kept: {}", verdict.name())));
            parts.extend(Some(row.beside.clone()).filter(|beside| !beside.is_empty()));
            format!("{}.", parts.join(", "))
        };
        let group = |group: &DifferenceGroup| {
            let needed = group.needed.map(|needed| format!("Needed: {}.", signed_number(needed)));
            let rows: Vec<String> = group.rows.iter().map(row).chain(needed).collect();
            format!("{}: {}", group.heading, rows.join(" "))
        };
        self.groups.iter().filter(|group| !group.rows.is_empty()).map(group).collect()
    }
}

impl DifferenceGroup {
    /// Draws the group from the sheet's top downwards; returns its lower end.
    fn draw(&self, sheet: &mut Sheet, left: f64, edges: (f64, f64)) -> f64 {
        let top = self.write_heads(sheet, edges);
        let (low, high) = self.range();
        let ticks = signed_ticks(low, high, n_labels(edges.1 - edges.0, 62.0).clamp(2, 6));
        let ends = (ticks[0].value, ticks[ticks.len() - 1].value);
        let x = Scale::new(ends, edges);
        let layout = Layout { left, ..LAYOUT };
        let names = self.rows.iter().map(|row| (row.name.as_str(), row.is_strong));
        let rows = lay_out(sheet, top, layout, names);
        let bottom = bottom_of(&rows, sheet, layout) + 6.0;
        let needed = self.needed.map(|needed| x.at(needed));
        if let Some(at) = needed {
            let whole = [(top - 4.0, bottom)];
            let behind: Vec<(f64, f64)> = if sheet.is_narrow() {
                rows.iter().map(NamedRow::reach).collect()
            } else {
                whole.to_vec()
            };
            for (from, to) in behind {
                let block = Shape::Block((edges.0, from), (at, to));
                sheet.mark(&block, &Pen::fill(Paint::Panel));
            }
        }
        for tick in &ticks {
            let at = x.at(tick.value);
            let paint = if tick.value.abs() < 1e-12 { Paint::Axis } else { Paint::Grid };
            upright(sheet, at, &rows, (top - 4.0, bottom), &Pen::stroke(paint, 1.0));
        }
        if let Some(at) = needed {
            upright(sheet, at, &rows, (top - 4.0, bottom), &Pen::limit());
        }
        for (row, place) in self.rows.iter().zip(&rows) {
            place.write_name(sheet, left);
            row.draw(sheet, (x, ends), place, needed);
        }
        columns(sheet, x, bottom + 14.0, &ticks);
        bottom + BELOW
    }

    /// Writes what axis and words are; returns where the rows begin.
    fn write_heads(&self, sheet: &mut Sheet, edges: (f64, f64)) -> f64 {
        let baseline = sheet.top + 10.0;
        let style = TextStyle::NOTE;
        let mut heading = self.heading.clone();
        if let Some(needed) = self.needed {
            heading = format!("{heading}; dashed: needed, {}", signed_number(needed));
        }
        let beside = ellipsize(&self.beside, style, sheet.width() - edges.1 - 8.0);
        let is_beside = !sheet.is_narrow() && !beside.is_empty();
        let room = if is_beside { edges.1 - 12.0 } else { sheet.width() };
        let lines = sheet.paragraph((0.0, baseline), &heading, style, (room, 2));
        if is_beside {
            sheet.text((sheet.width(), baseline), &beside, style, Anchor::End);
        }
        sheet.top + lines + 10.0
    }

    /// The least and the greatest value of the axis: what is far out is left out.
    fn range(&self) -> (f64, f64) {
        let reach = |row: &DifferenceRow| {
            let (low, high) = row.interval.unwrap_or((row.difference, row.difference));
            (low.min(row.difference), high.max(row.difference))
        };
        let size = |ends: &(f64, f64)| ends.0.abs().max(ends.1.abs());
        let needed = self.needed.map(|needed| (0.0, needed));
        let mut ends: Vec<(f64, f64)> = self.rows.iter().map(reach).chain(needed).collect();
        ends.sort_by(|one, other| size(one).total_cmp(&size(other)));
        while let [.., next, last] = &ends[..]
            && 0.0 < size(next)
            && OFF_SCALE * size(next) < size(last)
            && last.0 * next.1 < 0.0
        {
            ends.pop(); // far out on the other side of zero
        }
        let low = ends.iter().map(|ends| ends.0).fold(0.0, f64::min);
        let high = ends.iter().map(|ends| ends.1).fold(0.0, f64::max);
        if low < high { (low, high) } else { (-1.0, 1.0) }
    }
}

impl DifferenceRow {
    fn paint(&self) -> Paint {
        self.verdict.map_or(Paint::Blue, Paint::of)
    }

    fn draw(
        &self,
        sheet: &mut Sheet,
        (x, ends): (Scale, (f64, f64)),
        row: &NamedRow,
        needed: Option<f64>,
    ) {
        let middle = row.mark + MARK / 2.0;
        let (low, high) = self.interval.unwrap_or((self.difference, self.difference));
        let is_off = self.difference < ends.0 || ends.1 < self.difference;
        let title = format!("{}: {}", self.name, signed_number(self.difference));
        let pen = Pen::fill(self.paint()).titled(title);
        let at = x.at(self.difference);
        let mut value = signed_number(self.difference);
        if is_off {
            let tip = if self.difference < 0.0 { -8.0 } else { 8.0 };
            let base = at - tip;
            let arrow = vec![(at, middle), (base, middle - 5.0), (base, middle + 5.0)];
            sheet.mark(&Shape::Surface(arrow), &pen);
            value = format!("{value}{NBSP}(off the scale)");
        } else {
            let bar = Pen::stroke(self.paint(), 2.5);
            sheet.line((x.at(low), middle), (x.at(high), middle), &bar);
            sheet.dot((at, middle), 5.0, &pen);
        }
        let reach = if is_off { (at.min(at + 8.0), at + 8.0) } else { (x.at(low), x.at(high)) };
        write_value(sheet, (row, &value), reach, (x, needed));
        self.write_beside(sheet, row);
    }

    /// Writes the verdict as a shape, and what stands beside.
    fn write_beside(&self, sheet: &mut Sheet, row: &NamedRow) {
        let style = if self.is_strong { TextStyle::STRONG } else { TextStyle::NOTE };
        let word = self.verdict.map_or(String::new(), |verdict| match verdict {
            Verdict::Yes => "kept".to_owned(),
            Verdict::No => "breaks".to_owned(),
            Verdict::NotSure => "not sure".to_owned(),
        });
        if sheet.is_narrow() {
            let parts = [word, self.beside.clone()];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            let below = row.mark + MARK + 14.0;
            let mut left = 0.0;
            if let Some(verdict) = self.verdict {
                draw_shape(sheet, verdict, (5.0, below - 4.2));
                left = 15.0;
            }
            let words = ellipsize(&parts.join(" · "), style, sheet.width() - left);
            sheet.text((left, below), &words, style, Anchor::Start);
            return;
        }
        let room = BESIDE.1 - VALUE - 20.0;
        let words = ellipsize(&self.beside, style, room);
        let at = (sheet.width(), row.baseline());
        sheet.text(at, &words, style, Anchor::End);
        if let Some(verdict) = self.verdict {
            let left = at.0 - style.width(&words) - 12.0;
            draw_shape(sheet, verdict, (left, at.1 - 4.2));
        }
    }
}

/// Writes the value right of the mark, or left of it where there is no room.
fn write_value(
    sheet: &mut Sheet,
    (row, value): (&NamedRow, &str),
    (from, to): (f64, f64),
    (x, needed): (Scale, Option<f64>),
) {
    let style = TextStyle::STRONG;
    let baseline = row.baseline();
    let width = style.width(value);
    let edge = x.ends().1 + VALUE - 2.0;
    let crosses = |left: f64| needed.is_some_and(|at| left - 3.0 < at && at < left + width + 3.0);
    let right = to.max(from) + 9.0;
    let left = from.min(to) - 9.0 - width;
    let behind = needed.map_or(right, |at| right.max(at + 6.0));
    let fits = |left: f64| x.ends().0 - 4.0 <= left && left + width <= edge;
    let spots = [right, left, behind];
    let spot = spots.into_iter().find(|&spot| fits(spot) && !crosses(spot));
    let spot = spot.or_else(|| [right, left].into_iter().find(|&spot| fits(spot)));
    let Some(spot) = spot else { return };
    if sheet.is_free(text_rect((spot, baseline), value, style, Anchor::Start)) {
        sheet.text_with_halo((spot, baseline), value, style, Anchor::Start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(differences: &[f64], needed: Option<f64>) -> DifferenceGroup {
        let row = |&difference: &f64| DifferenceRow {
            name: "x".to_owned(),
            difference,
            interval: None,
            verdict: None,
            is_strong: false,
            beside: String::new(),
        };
        DifferenceGroup {
            heading: String::new(),
            beside: String::new(),
            needed,
            rows: differences.iter().map(row).collect(),
        }
    }

    /// −34.9 is more than six times 5.5, on the other side of zero: the axis ends at zero there, and
    /// an arrow points at it. −30 is not.
    #[test]
    fn what_is_far_out_on_the_other_side_is_off_the_scale() {
        assert_eq!(group(&[5.5, 3.1, -34.9], Some(2.6)).range(), (0.0, 5.5));
        assert_eq!(group(&[5.5, 3.1, -30.0], Some(2.6)).range(), (-30.0, 5.5));
        assert_eq!(group(&[0.0, 0.0], None).range(), (-1.0, 1.0));
    }
}
