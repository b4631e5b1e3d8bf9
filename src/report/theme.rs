//! How pictures look: colour tokens for both schemes, sizes of text, widths of words, numbers.
//!
//! Colours are Okabe and Ito's, or kin to them, and stay apart for colour-blind readers. A mark
//! names a token; the style sheet turns the token into a light or a dark colour.

mod number;
mod measure;

use std::collections::BTreeSet;
use std::fmt::Write;

pub use measure::{ellipsize, text_width, wrap, wrap_balanced};
pub use number::{
    NBSP, duration, interval, percent, percent_digits, percent_given, plain_number, signed_number,
};

use crate::catalog::Cause;
use crate::report::cause;
use crate::stats::Verdict;
use crate::units::{count, floor_count, round_u64};

/// Faces that share Arial's advance widths, so that one table measures them all.
pub const FONT_FAMILY: &str =
    "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', Arimo, sans-serif";

/// Opacity of a band around a line.
pub const BAND_OPACITY: f64 = 0.18;

/// A colour by its role. Text wears ink; data wear blue or the colour of a cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paint {
    /// The page.
    Background,
    /// The side that fails, and other surfaces behind data.
    Panel,
    /// Text and limits.
    Ink,
    /// Second text and second lines.
    Muted,
    /// Grid lines.
    Grid,
    /// The axis.
    Axis,
    /// The data.
    Blue,
    /// The data's second line: the worst where blue is the median.
    Vermilion,
    /// Bars of context, and the second part of a bill.
    Reference,
    /// The third part of a bill.
    Gold,
    /// A promise that is kept.
    Yes,
    /// A promise that breaks.
    No,
    /// A promise that nobody can judge yet.
    NotSure,
    /// Causes past the six that a key shows.
    Other,
    /// Black in both schemes: frames and words on light cells.
    OnLight,
    /// White in both schemes: words on dark cells.
    OnDark,
    /// Where the time went.
    Cause(Cause),
    /// A cell of a heatmap, from 0 (lowest) to 255 (highest), equal in both schemes.
    Heat(u8),
}

impl Paint {
    /// The paint of a verdict's word and mark.
    pub const fn of(verdict: Verdict) -> Paint {
        match verdict {
            Verdict::Yes => Paint::Yes,
            Verdict::No => Paint::No,
            Verdict::NotSure => Paint::NotSure,
        }
    }

    /// The colour in the light scheme, as red, green, blue.
    pub fn light(self) -> [u8; 3] {
        self.schemes().0
    }

    /// The colour in the dark scheme, as red, green, blue.
    pub fn dark(self) -> [u8; 3] {
        self.schemes().1
    }

    /// The token's word in class names.
    pub fn name(self) -> String {
        match self {
            Paint::Background => "bg".to_owned(),
            Paint::Panel => "panel".to_owned(),
            Paint::Ink => "ink".to_owned(),
            Paint::Muted => "muted".to_owned(),
            Paint::Grid => "grid".to_owned(),
            Paint::Axis => "axis".to_owned(),
            Paint::Blue => "blue".to_owned(),
            Paint::Vermilion => "vermilion".to_owned(),
            Paint::Reference => "reference".to_owned(),
            Paint::Gold => "gold".to_owned(),
            Paint::Yes => "yes".to_owned(),
            Paint::No => "no".to_owned(),
            Paint::NotSure => "not-sure".to_owned(),
            Paint::Other => "other".to_owned(),
            Paint::OnLight => "on-light".to_owned(),
            Paint::OnDark => "on-dark".to_owned(),
            Paint::Cause(cause) => cause.name().to_owned(),
            Paint::Heat(level) => format!("heat-{level}"),
        }
    }

    /// Every token but the cells of heatmaps: what the style sheet of a whole page holds.
    pub fn all() -> BTreeSet<Paint> {
        let plain = [
            Paint::Background,
            Paint::Panel,
            Paint::Ink,
            Paint::Muted,
            Paint::Grid,
            Paint::Axis,
            Paint::Blue,
            Paint::Vermilion,
            Paint::Reference,
            Paint::Gold,
            Paint::Yes,
            Paint::No,
            Paint::NotSure,
            Paint::Other,
            Paint::OnLight,
            Paint::OnDark,
        ];
        plain.into_iter().chain(Cause::ALL.map(Paint::Cause)).collect()
    }

    /// The cell of a heatmap at `position`, from 0 (lowest) to 1 (highest); clamped.
    pub fn heat(position: f64) -> Paint {
        let level = round_u64(position.clamp(0.0, 1.0) * 255.0);
        Paint::Heat(u8::try_from(level).expect("a clamped position is at most 255"))
    }

    /// The paint of words on this cell: black or white, whichever stands out more.
    ///
    /// So no cell has less than 4.58 : 1, where the two are alike (luminance 0.179).
    #[must_use]
    pub fn words_on(self) -> Paint {
        let cell = luminance(self.light());
        let against = |words: Paint| contrast(cell, luminance(words.light()));
        if against(Paint::OnDark) < against(Paint::OnLight) {
            Paint::OnLight
        } else {
            Paint::OnDark
        }
    }

    fn schemes(self) -> ([u8; 3], [u8; 3]) {
        let (light, dark) = match self {
            Paint::Background => (0xff_ffff, 0x14_171a),
            Paint::Panel => (0xf0_f1f4, 0x1f_2429),
            Paint::Ink => (0x1a_1d21, 0xe8_eaed),
            Paint::Muted => (0x59_616a, 0xa6_aeb7),
            Paint::Grid => (0xe6_e8eb, 0x2b_3036),
            Paint::Axis => (0x9a_a2aa, 0x6d_757e),
            Paint::Blue => (0x00_72b2, 0x5a_abe0),
            Paint::Vermilion => (0xd5_5e00, 0xee_7a2b),
            Paint::Reference => (0x8a_929a, 0x8d_959e),
            Paint::Gold => (0xe6_9f00, 0xf2_b535),
            Paint::Yes => (0x00_735a, 0x3c_c9a0),
            Paint::No => (0xb3_430a, 0xff_9057),
            Paint::NotSure => (0x7a_5a00, 0xe8_c04a),
            Paint::Other => (0xb8_ab92, 0x7d_7361),
            Paint::OnLight => (0x00_0000, 0x00_0000),
            Paint::OnDark => (0xff_ffff, 0xff_ffff),
            Paint::Cause(cause) => cause::colours(cause),
            Paint::Heat(level) => return (viridis(level), viridis(level)),
        };
        (channels(light), channels(dark))
    }
}

/// Red, green, and blue of `0xRRGGBB`.
fn channels(colour: u32) -> [u8; 3] {
    let [_, red, green, blue] = colour.to_be_bytes();
    [red, green, blue]
}

/// How light a colour is, from 0 to 1.
///
/// Source: relative luminance of WCAG 2.1 (sRGB, knee at 0.03928).
fn luminance(colour: [u8; 3]) -> f64 {
    let linear = colour.map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.03928 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/// By how much two luminances stand apart: the contrast ratio of WCAG 2.1, from 1 to 21.
fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Viridis between nine stops, each channel rounded to the nearest step.
///
/// Source: `matplotlib`'s `viridis` (Smith and van der Walt, 2015, CC0).
fn viridis(level: u8) -> [u8; 3] {
    const STOPS: [u32; 9] = [
        0x44_0154, 0x47_2d7b, 0x3b_528b, 0x2c_728e, 0x21_918c, 0x28_ae80, 0x5e_c962, 0xad_dc30,
        0xfd_e725,
    ];
    let place = f64::from(level) / 255.0 * count(STOPS.len() - 1);
    let below = floor_count(place).min(STOPS.len() - 2);
    let share = place - count(below);
    let (from, to) = (channels(STOPS[below]), channels(STOPS[below + 1]));
    std::array::from_fn(|channel| {
        let (low, high) = (f64::from(from[channel]), f64::from(to[channel]));
        u8::try_from(round_u64(low + share * (high - low))).expect("between two channels")
    })
}

/// `#rrggbb`.
fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The style sheet for marks in these paints: `f-…` fills, `s-…` strokes, light and dark.
///
/// It needs neither variables nor scripts, so that programs for slides read it as browsers do.
pub fn style_sheet(paints: &BTreeSet<Paint>) -> String {
    let mut light = String::new();
    let mut dark = String::new();
    for &paint in paints {
        rule(&mut light, paint, paint.light());
        if paint.dark() != paint.light() {
            rule(&mut dark, paint, paint.dark());
        }
    }
    format!("{light}@media screen and (prefers-color-scheme:dark){{{dark}}}")
}

fn rule(sheet: &mut String, paint: Paint, colour: [u8; 3]) {
    let (name, colour) = (paint.name(), hex(colour));
    write!(sheet, "svg.chart .f-{name}{{fill:{colour}}}svg.chart .s-{name}{{stroke:{colour}}}")
        .expect("a string takes what is written to it");
}

/// Weight, size, and paint of words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextStyle {
    /// Font size in px.
    pub size: f64,
    /// Bold, or regular.
    pub bold: bool,
    /// Colour of the words.
    pub paint: Paint,
}

impl TextStyle {
    /// Title of a chart in a file of its own.
    pub const TITLE: TextStyle = TextStyle { size: 16.0, bold: true, paint: Paint::Ink };
    /// Line under the title.
    pub const SUBTITLE: TextStyle = TextStyle { size: 12.5, bold: false, paint: Paint::Muted };
    /// Label of a mark.
    pub const LABEL: TextStyle = TextStyle { size: 12.0, bold: false, paint: Paint::Ink };
    /// Label that stands out.
    pub const STRONG: TextStyle = TextStyle { size: 12.0, bold: true, paint: Paint::Ink };
    /// Second label.
    pub const NOTE: TextStyle = TextStyle { size: 12.0, bold: false, paint: Paint::Muted };
    /// Word at an axis.
    pub const TICK: TextStyle = TextStyle { size: 11.5, bold: false, paint: Paint::Muted };

    /// The same words in another paint.
    #[must_use]
    pub const fn in_paint(self, paint: Paint) -> TextStyle {
        TextStyle { paint, ..self }
    }

    /// The same words, bold.
    #[must_use]
    pub const fn strong(self) -> TextStyle {
        TextStyle { bold: true, ..self }
    }

    /// From one baseline to the next, in px.
    pub fn line_height(self) -> f64 {
        (self.size * 1.3).round()
    }

    /// Width of `text` in px.
    pub fn width(self, text: &str) -> f64 {
        text_width(text, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viridis_ends_in_violet_and_yellow() {
        assert_eq!(viridis(0), [0x44, 0x01, 0x54]);
        assert_eq!(viridis(255), [0xfd, 0xe7, 0x25]);
    }

    /// WCAG asks for 4.5 : 1, on every cell.
    #[test]
    fn words_on_cells_stand_out() {
        assert_eq!(Paint::heat(0.0).words_on(), Paint::OnDark);
        assert_eq!(Paint::heat(1.0).words_on(), Paint::OnLight);
        for level in 0..=255 {
            let cell = Paint::Heat(level);
            let words = luminance(cell.words_on().light());
            assert!(4.5 <= contrast(luminance(cell.light()), words), "{level}");
        }
    }

    /// A class name is what keeps two tokens apart on the page.
    #[test]
    fn tokens_have_names_of_their_own() {
        let names: BTreeSet<String> = Paint::all().into_iter().map(Paint::name).collect();
        assert_eq!(names.len(), Paint::all().len());
    }

    /// WCAG asks for 4.5 : 1 between text and page.
    #[test]
    fn text_can_be_read_in_both_schemes() {
        for paint in [Paint::Ink, Paint::Muted, Paint::Yes, Paint::No, Paint::NotSure] {
            let light = contrast(luminance(paint.light()), luminance(Paint::Background.light()));
            let dark = contrast(luminance(paint.dark()), luminance(Paint::Background.dark()));
            assert!(4.5 <= light && 4.5 <= dark, "{paint:?}: {light:.1}, {dark:.1}");
        }
    }
}
