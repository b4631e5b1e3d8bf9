//! Charts: plain data in, one SVG document out, at two widths.
//!
//! Each chart is a struct of data with a `draw` that gives a [`Drawing`]. The caller computes the
//! title, since a title states the finding; the chart wraps it, measures every word before it is
//! written, and never shrinks: a narrow chart is laid out anew.

mod canvas;
mod sheet;
mod axis;
mod panel;
mod key;
mod named;
mod timeline;
mod distribution;
mod rpo;
mod strips;
mod heatmap;
mod sweep_line;
mod verdicts;
mod causes;
mod late_bars;
mod differences;
mod stacks;
mod week;
#[cfg(test)]
mod trial;

use std::collections::BTreeSet;

pub use axis::TimeAxis;
pub use causes::{CauseBars, CauseScope};
pub use differences::{DifferenceGroup, DifferenceRow, Differences};
pub use distribution::{Distribution, DistributionSeries, ShareAt, SharePromise};
pub use heatmap::{Heatmap, HeatmapAxis, HeatmapCell};
pub use late_bars::{LateBar, LateBars};
pub use rpo::{AgeAt, Rpo};
pub use stacks::{StackRow, StackShare, StackShares, StackUnit, Stacks};
pub use strips::{LevelAt, Strip, Strips};
pub use sweep_line::{SweepLine, SweepPoint};
pub use timeline::{CopyBar, CopyGroup, CopyPart, GroupPromise, Timeline};
pub use verdicts::{VerdictRow, Verdicts};
pub use week::{DAYS, Week};

use self::canvas::escape;
use self::sheet::{Rect, TextBox};
use super::theme::{FONT_FAMILY, Paint, style_sheet};
pub use crate::stats::Verdict;

/// What stands above a chart, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// The finding: a sentence with its number.
    pub title: String,
    /// Scenario, seed, n, measure, unit, time zone.
    pub subtitle: String,
}

/// The two widths that every chart is laid out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlotWidth {
    /// 760 px: desks and slides.
    Wide,
    /// 360 px: telephones.
    Narrow,
}

impl PlotWidth {
    /// Width of the plot with its labels, in px, margins aside.
    pub const fn px(self) -> f64 {
        match self {
            PlotWidth::Wide => 760.0,
            PlotWidth::Narrow => 360.0,
        }
    }
}

/// What a chart is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Width of the plot.
    pub width: PlotWidth,
    /// True for a file of its own: heading, margins, background, and style sheet. False for a page
    /// that has the heading in its text and the style sheet in its head.
    pub with_title: bool,
}

impl Frame {
    /// A file of its own.
    pub const fn file(width: PlotWidth) -> Frame {
        Frame { width, with_title: true }
    }

    /// A part of a page.
    pub const fn page(width: PlotWidth) -> Frame {
        Frame { width, with_title: false }
    }

    /// Margin left and right, and above and below, in px.
    const fn margins(self) -> (f64, f64) {
        if self.with_title { (16.0, 8.0) } else { (0.0, 0.0) }
    }
}

/// A finished chart.
#[derive(Debug, Clone)]
pub struct Drawing {
    frame: Frame,
    height: f64,
    label: String,
    body: String,
    texts: Vec<TextBox>,
    marks: Option<Rect>,
    paints: BTreeSet<Paint>,
}

impl Drawing {
    /// The SVG document; for a page, the element that stands in its text.
    pub fn to_svg(&self) -> String {
        let view = self.view();
        let (width, height) = (view.right - view.left, view.bottom - view.top);
        let label = escape(&self.label);
        let head = format!(
            "viewBox=\"{} {} {width} {height}\" role=\"img\" aria-label=\"{label}\" \
             font-family=\"{FONT_FAMILY}\" font-size=\"12\"",
            view.left, view.top
        );
        if self.frame.with_title {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" width=\"{width}\" \
                 height=\"{height}\" {head}><style>{}</style><rect x=\"{}\" y=\"{}\" \
                 width=\"{width}\" height=\"{height}\" class=\"f-bg\"/>{}</svg>\n",
                style_sheet(&self.paints),
                view.left,
                view.top,
                self.body
            )
        } else {
            let class = match self.frame.width {
                PlotWidth::Wide => "chart wide",
                PlotWidth::Narrow => "chart narrow",
            };
            format!("<svg class=\"{class}\" {head}>{}</svg>\n", self.body)
        }
    }

    /// The paints of this chart: what a page's style sheet needs for it.
    pub fn paints(&self) -> &BTreeSet<Paint> {
        &self.paints
    }

    /// The style sheet of a page that holds these drawings.
    pub fn style_sheet<'d>(drawings: impl IntoIterator<Item = &'d Drawing>) -> String {
        let paints = drawings.into_iter().flat_map(|drawing| drawing.paints.iter().copied());
        style_sheet(&paints.collect())
    }

    /// What is wrong with the layout: words that overlap, words or marks that leave the view.
    ///
    /// Empty for every chart that should be shown; the tests of all charts ask.
    pub fn faults(&self) -> Vec<String> {
        let view = self.view();
        let mut faults = Vec::new();
        for (place, text) in self.texts.iter().enumerate() {
            if !view.holds(text.rect) {
                faults.push(format!("`{}` leaves the view: {:?}", text.text, text.rect));
            }
            let later = &self.texts[place + 1..];
            for other in later.iter().filter(|other| other.rect.overlaps(text.rect)) {
                faults.push(format!("`{}` and `{}` overlap", text.text, other.text));
            }
        }
        if let Some(marks) = self.marks.filter(|marks| !view.holds(*marks)) {
            faults.push(format!("marks leave the view: {marks:?}"));
        }
        faults
    }

    /// What can be seen, margins included.
    fn view(&self) -> Rect {
        let (side, above) = self.frame.margins();
        Rect {
            left: -side,
            top: -above,
            right: self.frame.width.px() + side,
            bottom: self.height + above,
        }
    }
}
