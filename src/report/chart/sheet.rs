//! The sheet that a chart is drawn on: title, words with known boxes, marks, markup at the end.

use std::collections::BTreeSet;

use super::canvas::{Pen, Place, Shape, escape, markup, put};
use super::{Caption, Drawing, Frame};
use crate::report::theme::{Paint, TextStyle, wrap_balanced};
use crate::units::count;

/// Most lines of a title or subtitle; longer ones end in an ellipsis.
const HEADING_LINES_MAX: usize = 6;

/// Space between the subtitle and what comes below it, in px.
const BELOW_HEADING: f64 = 22.0;

/// Space above a chart without a heading, in px: labels of its uppermost line rise into it.
const ABOVE_PLOT: f64 = 14.0;

/// Where the place of a text lies in its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// At its left end.
    Start,
    /// In its middle.
    Middle,
    /// At its right end.
    End,
}

/// A rectangle in px, from its upper left to its lower right corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Rect {
    /// True where the two share more than a hair.
    pub(super) fn overlaps(self, other: Rect) -> bool {
        const HAIR: f64 = 0.05;
        self.left + HAIR < other.right
            && other.left + HAIR < self.right
            && self.top + HAIR < other.bottom
            && other.top + HAIR < self.bottom
    }

    /// True where the straight line between two places runs through the rectangle.
    ///
    /// Source: Liang and Barsky, "A new concept and method for line clipping", 1984.
    pub(super) fn is_crossed(self, from: Place, to: Place) -> bool {
        let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
        for (start, step, low, high) in [
            (from.0, to.0 - from.0, self.left, self.right),
            (from.1, to.1 - from.1, self.top, self.bottom),
        ] {
            if step.abs() < 1e-9 {
                if start < low || high < start {
                    return false;
                }
                continue;
            }
            let (one, other) = ((low - start) / step, (high - start) / step);
            enters = enters.max(one.min(other));
            leaves = leaves.min(one.max(other));
        }
        enters <= leaves
    }

    /// True where `other` lies inside, up to a hair.
    pub(super) fn holds(self, other: Rect) -> bool {
        const HAIR: f64 = 0.1;
        self.left <= other.left + HAIR
            && self.top <= other.top + HAIR
            && other.right <= self.right + HAIR
            && other.bottom <= self.bottom + HAIR
    }
}

/// A line of words on the sheet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TextBox {
    pub(super) rect: Rect,
    pub(super) text: String,
}

/// The box of `text` whose baseline is at `at`.
///
/// Arial's capitals and ascenders rise 0.73 em, its descenders fall 0.21 em.
pub(super) fn text_rect(at: Place, text: &str, style: TextStyle, anchor: Anchor) -> Rect {
    let width = style.width(text);
    let left = match anchor {
        Anchor::Start => at.0,
        Anchor::Middle => at.0 - width / 2.0,
        Anchor::End => at.0 - width,
    };
    let (top, bottom) = (at.1 - 0.73 * style.size, at.1 + 0.21 * style.size);
    Rect { left, top, right: left + width, bottom }
}

/// A chart while it is drawn: x from 0 to [`Sheet::width`], y downwards from 0.
#[derive(Debug)]
pub(super) struct Sheet {
    frame: Frame,
    title: String,
    body: String,
    texts: Vec<TextBox>,
    marks: Option<Rect>,
    paints: BTreeSet<Paint>,
    /// Where the chart begins, below title and subtitle, in px.
    pub(super) top: f64,
}

impl Sheet {
    /// A sheet with its heading on it, where the frame wants one.
    pub(super) fn new(caption: &Caption, frame: Frame) -> Sheet {
        let mut sheet = Sheet {
            frame,
            title: caption.title.clone(),
            body: String::new(),
            texts: Vec::new(),
            marks: None,
            paints: BTreeSet::from([Paint::Background]),
            top: ABOVE_PLOT,
        };
        if frame.with_title {
            let mut baseline = 0.0;
            for (text, style, air) in [
                (&caption.title, TextStyle::TITLE, 0.0),
                (&caption.subtitle, TextStyle::SUBTITLE, 3.0),
            ] {
                baseline += air;
                let room = sheet.width();
                for line in wrap_balanced(text, style, room, HEADING_LINES_MAX) {
                    baseline += style.line_height();
                    sheet.text((0.0, baseline), &line, style, Anchor::Start);
                }
            }
            sheet.top = baseline + BELOW_HEADING;
        }
        sheet
    }

    /// Width of the plot with its labels, in px.
    pub(super) fn width(&self) -> f64 {
        self.frame.width.px()
    }

    /// True on the narrow sheet.
    pub(super) fn is_narrow(&self) -> bool {
        self.frame.width == super::PlotWidth::Narrow
    }

    /// Draws `shape`.
    pub(super) fn mark(&mut self, shape: &Shape, pen: &Pen) {
        for (x, y) in shape.corners() {
            let reach = Rect { left: x, top: y, right: x, bottom: y };
            self.marks = Some(self.marks.map_or(reach, |marks| Rect {
                left: marks.left.min(x),
                top: marks.top.min(y),
                right: marks.right.max(x),
                bottom: marks.bottom.max(y),
            }));
        }
        self.paints.extend(pen.fill.into_iter().chain(pen.stroke));
        self.body.push_str(&markup(shape, pen));
    }

    /// Draws a straight line.
    pub(super) fn line(&mut self, from: Place, to: Place, pen: &Pen) {
        self.mark(&Shape::Path(vec![from, to]), pen);
    }

    /// Draws a dot on a rim of background, so that it stands out from a line.
    pub(super) fn dot(&mut self, centre: Place, radius: f64, pen: &Pen) {
        self.mark(&Shape::Dot(centre, radius), pen);
    }

    /// Writes one line with its baseline at `at`, and keeps its box.
    pub(super) fn text(&mut self, at: Place, text: &str, style: TextStyle, anchor: Anchor) {
        self.write(at, text, style, anchor);
        let rect = text_rect(at, text, style, anchor);
        if !text.is_empty() {
            self.texts.push(TextBox { rect, text: text.to_owned() });
        }
    }

    /// Writes one line with a rim of background, where a line of the plot may run behind it.
    pub(super) fn text_with_halo(
        &mut self,
        at: Place,
        text: &str,
        style: TextStyle,
        anchor: Anchor,
    ) {
        // Two texts instead of `paint-order`, which programs for slides do not know.
        self.body.push_str(
            "<g class=\"s-bg\" stroke-width=\"4\" stroke-linejoin=\"round\" aria-hidden=\"true\">",
        );
        self.write(at, text, style.in_paint(Paint::Background), anchor);
        self.body.push_str("</g>");
        self.text(at, text, style, anchor);
    }

    /// Writes at most `n_lines` lines into `room` px, the first baseline at `at`; returns the
    /// height that they took.
    pub(super) fn paragraph(
        &mut self,
        at: Place,
        text: &str,
        style: TextStyle,
        (room, n_lines): (f64, usize),
    ) -> f64 {
        let lines = wrap_balanced(text, style, room, n_lines);
        for (place, line) in lines.iter().enumerate() {
            let baseline = at.1 + count(place) * style.line_height();
            self.text((at.0, baseline), line, style, Anchor::Start);
        }
        count(lines.len()) * style.line_height()
    }

    /// True where `rect` lies on the sheet's width and touches no words.
    pub(super) fn is_free(&self, rect: Rect) -> bool {
        0.0 <= rect.left
            && rect.right <= self.width()
            && !self.texts.iter().any(|other| other.rect.overlaps(rect))
    }

    /// [`Sheet::is_free`], with `air` px left and right of it, as far as the sheet goes.
    pub(super) fn is_free_with_air(&self, rect: Rect, air: f64) -> bool {
        let left = rect.left.min((rect.left - air).max(0.0));
        let right = rect.right.max((rect.right + air).min(self.width()));
        self.is_free(Rect { left, right, ..rect })
    }

    /// Begins a group that shows `title` to who points at it.
    pub(super) fn open_group(&mut self, title: &str) {
        put(&mut self.body, format_args!("<g><title>{}</title>", escape(title)));
    }

    /// Ends the last group begun.
    pub(super) fn close_group(&mut self) {
        self.body.push_str("</g>");
    }

    /// A chart without data: one line that says so.
    pub(super) fn finish_empty(mut self) -> Drawing {
        let at = (0.0, self.top + 12.0);
        self.text(at, "nothing to show", TextStyle::NOTE, Anchor::Start);
        let bottom = at.1 + 6.0;
        self.finish(bottom, &["Nothing to show.".to_owned()])
    }

    /// The chart, `bottom` px high; `values` are sentences that say what the marks show.
    pub(super) fn finish(self, bottom: f64, values: &[String]) -> Drawing {
        let label = format!("{}. {}", self.title.trim_end_matches('.'), values.join(" "));
        Drawing {
            frame: self.frame,
            height: bottom.ceil(),
            label,
            body: self.body,
            texts: self.texts,
            marks: self.marks,
            paints: self.paints,
        }
    }

    fn write(&mut self, at: Place, text: &str, style: TextStyle, anchor: Anchor) {
        let tenth = |px: f64| (px * 10.0).round() / 10.0;
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let size = match style.size {
            size if (11.9..12.1).contains(&size) => String::new(), // the size of the whole chart
            size => format!(" font-size=\"{size}\""),
        };
        let weight = if style.bold { " font-weight=\"700\"" } else { "" };
        self.paints.insert(style.paint);
        put(
            &mut self.body,
            format_args!(
                "<text x=\"{}\" y=\"{}\" class=\"f-{}\"{size}{weight}{anchor}>{}</text>",
                tenth(at.0),
                tenth(at.1),
                style.paint.name(),
                escape(text),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square from (10, 10) to (20, 20): the diagonal crosses it, a line above and one that ends
    /// before it do not; a level line at 15 does.
    #[test]
    fn lines_cross_a_box_or_pass_it() {
        let square = Rect { left: 10.0, top: 10.0, right: 20.0, bottom: 20.0 };
        assert!(square.is_crossed((0.0, 0.0), (30.0, 30.0)));
        assert!(square.is_crossed((0.0, 15.0), (30.0, 15.0)));
        assert!(!square.is_crossed((0.0, 5.0), (30.0, 5.0)));
        assert!(!square.is_crossed((0.0, 0.0), (8.0, 8.0)));
    }

    /// "Hi" at 12 px is 11.33 px wide; capitals rise 8.76 px, descenders fall 2.52 px.
    #[test]
    fn a_text_box_lies_around_its_anchor() {
        let rect = text_rect((50.0, 20.0), "Hi", TextStyle::LABEL, Anchor::End);
        assert!((rect.left - 38.67).abs() < 0.01 && (rect.right - 50.0).abs() < 1e-9);
        assert!((rect.top - 11.24).abs() < 1e-9 && (rect.bottom - 22.52).abs() < 1e-9);
    }
}
