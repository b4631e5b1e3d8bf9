//! When in the week a limit binds: a cell for each hour, with its value.

use super::canvas::{Pen, Shape};
use super::sheet::{Anchor, Sheet};
use super::{Caption, Drawing, Frame};
use crate::report::theme::{Paint, TextStyle, percent};
use crate::units::{count, round_u64};

/// Days in the order of a week.
pub const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Height of a cell, in px: wide, narrow.
const HEIGHT: (f64, f64) = (26.0, 22.0);

/// The colours of cells span at least so much of the limit.
const RANGE_MIN: f64 = 0.1;

/// Words of cells: there are many of them.
const CELL: TextStyle = TextStyle { size: 11.0, ..TextStyle::LABEL };

/// The use of something by hour of the week.
#[derive(Debug, Clone, PartialEq)]
pub struct Week {
    /// What is used: `slots of us-west-2 in use`.
    pub name: String,
    /// Use as a share of the limit, 0 to 1, by day from Monday and hour in UTC; none where the run
    /// had no such hour.
    pub hours: Box<[[Option<f64>; 24]; 7]>,
}

impl Week {
    /// Draws days below one another; when narrow, hours.
    pub fn draw(&self, caption: &Caption, frame: Frame) -> Drawing {
        let mut sheet = Sheet::new(caption, frame);
        let days: Vec<usize> =
            (0..7).filter(|day| self.hours[*day].iter().any(Option::is_some)).collect();
        if days.is_empty() {
            return sheet.finish_empty();
        }
        let hours: Vec<usize> = (0..24).collect();
        let is_narrow = sheet.is_narrow();
        let (n_columns, n_rows) =
            if is_narrow { (days.len(), hours.len()) } else { (hours.len(), days.len()) };
        let left = 36.0;
        let width = (sheet.width() - left - 2.0) / count(n_columns);
        let height = if is_narrow { HEIGHT.1 } else { HEIGHT.0 };
        let top = sheet.top + 16.0;
        let hour_words = |hour: usize| format!("{hour:02}");
        for column in 0..n_columns {
            let words =
                if is_narrow { DAYS[days[column]].to_owned() } else { hour_words(hours[column]) };
            if is_narrow || column.is_multiple_of(3) {
                let centre = left + (count(column) + 0.5) * width;
                sheet.text((centre, top - 6.0), &words, TextStyle::TICK, Anchor::Middle);
            }
        }
        for row in 0..n_rows {
            let words = if is_narrow { hour_words(hours[row]) } else { DAYS[days[row]].to_owned() };
            let y = top + count(row) * height;
            let at = (left - 8.0, y + height / 2.0 + 4.0);
            sheet.text(at, &words, TextStyle::TICK, Anchor::End);
            for column in 0..n_columns {
                let (day, hour) = if is_narrow { (column, row) } else { (row, column) };
                let corner = (left + count(column) * width, y);
                self.draw_cell(&mut sheet, (days[day], hours[hour]), corner, (width, height));
            }
        }
        sheet.finish(top + count(n_rows) * height + 4.0, &self.values(&days))
    }

    fn draw_cell(
        &self,
        sheet: &mut Sheet,
        (day, hour): (usize, usize),
        (x, y): (f64, f64),
        (width, height): (f64, f64),
    ) {
        let Some(share) = self.hours[day][hour] else { return };
        let paint = self.paint(share);
        let title = format!("{} {hour:02}:00: {}", DAYS[day], percent(share));
        let block = Shape::Block((x, y), (x + width, y + height));
        sheet.mark(&block, &Pen::fill(paint).crisp().titled(title));
        let most = if share < 1.0 { 99 } else { 100 }; // nearly all is not all
        let words = round_u64(share * 100.0).min(most).to_string();
        let at = (x + width / 2.0, y + height / 2.0 + 4.0);
        sheet.text(at, &words, CELL.in_paint(paint.words_on()), Anchor::Middle);
    }

    /// The paint of a cell between the lowest and the highest hour; where those are close, in the
    /// middle, so that next to nothing does not look like much.
    fn paint(&self, share: f64) -> Paint {
        let all = || self.hours.iter().flatten().flatten().copied();
        let (low, high) = (all().fold(f64::MAX, f64::min), all().fold(0.0, f64::max));
        let range = (high - low).max(RANGE_MIN);
        Paint::heat(0.5 + (share - f64::midpoint(low, high)) / range)
    }

    fn values(&self, days: &[usize]) -> Vec<String> {
        let day = |&day: &usize| {
            let hours: Vec<f64> = self.hours[day].iter().flatten().copied().collect();
            let low = hours.iter().copied().fold(f64::MAX, f64::min);
            let high = hours.iter().copied().fold(0.0, f64::max);
            let at = self.hours[day].iter().position(|hour| hour.is_some_and(|of| high <= of));
            let at = at.unwrap_or(0);
            let (low, high) = (percent(low), percent(high));
            format!("{}: from {low} to {high}, the most from {at:02}:00.", DAYS[day])
        };
        let what = format!("{}, by hour of the week, in percent of the limit.", self.name);
        std::iter::once(what).chain(days.iter().map(day)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::PlotWidth;
    use super::*;

    /// From 38.1 to 38.2 % lies next to nothing, from 20 to 60 % everything.
    #[test]
    fn even_hours_look_even() {
        let paint = |low: f64, high: f64| {
            let mut hours = [[Some(low); 24]; 7];
            hours[1][1] = Some(high);
            let week = Week { name: String::new(), hours: Box::new(hours) };
            (week.paint(low), week.paint(high))
        };
        assert_eq!(paint(0.2, 0.6), (Paint::Heat(0), Paint::Heat(255)));
        assert_eq!(paint(0.381, 0.382), (Paint::Heat(126), Paint::Heat(129))); // 127.5 ∓ 1.275
    }

    /// Two days of 24 hours are 48 cells at either width; the days that the run has not are left
    /// out.
    #[test]
    fn days_that_no_run_has_are_left_out() {
        let mut hours = [[None; 24]; 7];
        hours[1] = [Some(0.25); 24];
        hours[2] = [Some(0.5); 24];
        let week = Week { name: "slots".to_owned(), hours: Box::new(hours) };
        let caption = Caption { title: String::new(), subtitle: String::new() };
        for width in [PlotWidth::Wide, PlotWidth::Narrow] {
            let svg = week.draw(&caption, Frame::page(width)).to_svg();
            assert_eq!(svg.matches("<rect").count(), 48);
            assert!(svg.contains(">Tue<") && svg.contains(">Wed<") && !svg.contains(">Mon<"));
        }
    }
}
