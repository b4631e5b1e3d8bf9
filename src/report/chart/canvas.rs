//! Shapes: plotters writes them, a pen paints them.
//!
//! plotters' SVG backend knows whole pixels, fixed colours, and no dashes. So it draws in tenths of
//! a pixel, and its tags are read back: geometry stays, divided by ten; style is the pen's.

use std::fmt::{Arguments, Write};

use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::prelude::{
    BLACK, Circle, Color, IntoDrawingArea, PathElement, Polygon, Rectangle, SVGBackend,
};

use crate::report::theme::Paint;

/// A place on the sheet in px: right of the plot's left edge, and below the sheet's top.
pub(super) type Place = (f64, f64);

/// Side of the square on which plotters draws, in px; larger than any sheet.
const SIDE: u16 = 10_000;

/// A shape in px.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// An open line.
    Path(Vec<Place>),
    /// A closed surface.
    Surface(Vec<Place>),
    /// Upper left and lower right corner.
    Block(Place, Place),
    /// Centre and radius.
    Dot(Place, f64),
}

impl Shape {
    /// Every place that the shape reaches, strokes aside.
    pub(super) fn corners(&self) -> Vec<Place> {
        match self {
            Shape::Path(places) | Shape::Surface(places) => places.clone(),
            Shape::Block(from, to) => vec![*from, *to],
            Shape::Dot((x, y), radius) => {
                vec![(x - radius, y - radius), (x + radius, y + radius)]
            }
        }
    }

    /// The tag that plotters writes for this shape, in tenths of a pixel and in black.
    fn tag(&self) -> String {
        let mut written = String::new();
        let side = u32::from(SIDE) * 10;
        let root = SVGBackend::with_string(&mut written, (side, side)).into_drawing_area();
        let drawn = self.draw_on(&root);
        drop(root);
        drawn.expect("a string takes what is drawn on it");
        let tag = written.lines().nth(1).expect("plotters writes one tag a line after the head");
        tag.to_owned()
    }

    fn draw_on(
        &self,
        root: &DrawingArea<SVGBackend<'_>, Shift>,
    ) -> Result<(), DrawingAreaErrorKind<std::io::Error>> {
        let edge = i32::from(SIDE) * 10;
        // plotters rounds down; half a tenth more makes that to the nearest.
        let range = || -0.05..f64::from(SIDE) - 0.05;
        let page: Cartesian2d<RangedCoordf64, RangedCoordf64> =
            Cartesian2d::new(range(), range(), (0..edge, 0..edge));
        let area = root.apply_coord_spec(page);
        match self {
            Shape::Path(places) => area.draw(&PathElement::new(places.clone(), BLACK)),
            Shape::Surface(places) => area.draw(&Polygon::new(places.clone(), BLACK)),
            Shape::Block(from, to) => area.draw(&Rectangle::new([*from, *to], BLACK.filled())),
            Shape::Dot(centre, radius) => {
                area.draw(&Circle::new(*centre, radius * 10.0, BLACK.filled()))
            }
        }
    }
}

/// How a shape is painted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pen {
    /// Paint of the surface.
    pub(super) fill: Option<Paint>,
    /// Paint of the line.
    pub(super) stroke: Option<Paint>,
    /// Width of the line in px.
    pub(super) width: f64,
    /// Dash and gap in px.
    pub(super) dash: Option<(u8, u8)>,
    /// From 0 (not there) to 1.
    pub(super) opacity: f64,
    /// True where neighbours touch and no seam may show between them.
    pub(super) crisp: bool,
    /// What a reader sees who points at the shape.
    pub(super) title: Option<String>,
}

impl Pen {
    /// A surface.
    pub(super) const fn fill(paint: Paint) -> Pen {
        let mut pen = Pen::stroke(paint, 0.0);
        (pen.fill, pen.stroke) = (Some(paint), None);
        pen
    }

    /// A line, `width` px wide.
    pub(super) const fn stroke(paint: Paint, width: f64) -> Pen {
        Pen {
            fill: None,
            stroke: Some(paint),
            width,
            dash: None,
            opacity: 1.0,
            crisp: false,
            title: None,
        }
    }

    /// A limit that was asked for.
    pub(super) const fn limit() -> Pen {
        let mut pen = Pen::stroke(Paint::Ink, 1.25);
        pen.dash = Some((5, 3));
        pen
    }

    /// The same, without seams.
    pub(super) const fn crisp(mut self) -> Pen {
        self.crisp = true;
        self
    }

    /// The same, seen through.
    pub(super) const fn through(mut self, opacity: f64) -> Pen {
        self.opacity = opacity;
        self
    }

    /// The same with words for who points at it.
    pub(super) fn titled(mut self, title: impl Into<String>) -> Pen {
        self.title = Some(title.into());
        self
    }

    fn write_attributes(&self, svg: &mut String) {
        let fill = self.fill.map(|paint| format!("f-{}", paint.name()));
        let stroke = self.stroke.map(|paint| format!("s-{}", paint.name()));
        let classes: Vec<String> = fill.into_iter().chain(stroke).collect();
        put(svg, format_args!(" class=\"{}\"", classes.join(" ")));
        if self.fill.is_none() {
            put(svg, format_args!(" fill=\"none\""));
        }
        if self.stroke.is_some() {
            put(svg, format_args!(" stroke-width=\"{}\" stroke-linejoin=\"round\"", self.width));
        }
        if let Some((dash, gap)) = self.dash {
            put(svg, format_args!(" stroke-dasharray=\"{dash} {gap}\""));
        }
        if self.opacity < 1.0 {
            put(svg, format_args!(" opacity=\"{}\"", self.opacity));
        }
        if self.crisp {
            put(svg, format_args!(" shape-rendering=\"crispEdges\""));
        }
    }
}

/// Appends what `format_args!` gives.
pub(super) fn put(text: &mut String, arguments: Arguments<'_>) {
    text.write_fmt(arguments).expect("a string takes what is written to it");
}

/// The markup of `shape`, painted by `pen`.
pub(super) fn markup(shape: &Shape, pen: &Pen) -> String {
    let tag = shape.tag();
    let inner = tag.trim_start_matches('<').trim_end_matches("/>");
    let (name, attributes) = inner.split_once(' ').expect("a shape has attributes");
    let mut svg = format!("<{name}");
    for attribute in attributes.split("\" ") {
        let (key, value) = attribute.split_once("=\"").expect("attributes are key=\"value\"");
        if is_geometry(key) {
            let value = value.trim_end_matches('"').trim_end();
            put(&mut svg, format_args!(" {key}=\"{}\"", tenths_as_px(value)));
        }
    }
    pen.write_attributes(&mut svg);
    match &pen.title {
        Some(title) => {
            put(&mut svg, format_args!("><title>{}</title></{name}>", escape(title)));
        }
        None => svg.push_str("/>"),
    }
    svg
}

fn is_geometry(key: &str) -> bool {
    matches!(key, "points" | "x" | "y" | "width" | "height" | "cx" | "cy" | "r")
}

/// `"1234,50 -5,0"` in tenths is `"123.4,5 -0.5,0"` in px.
fn tenths_as_px(numbers: &str) -> String {
    let mut px = String::new();
    for (place, pair) in numbers.split(' ').enumerate() {
        for (part, number) in pair.split(',').enumerate() {
            px.push_str(match (place, part) {
                (0, 0) => "",
                (_, 0) => " ",
                _ => ",",
            });
            let tenths: i32 = number.parse().expect("plotters writes whole numbers");
            put(&mut px, format_args!("{}", f64::from(tenths) / 10.0));
        }
    }
    px
}

/// `text` as it stands between tags or in quotes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A line through `places` (in px, from left to right) that looks the same with fewer points.
///
/// Of each pixel column only the first, lowest, highest, and last place are kept, and none that
/// lies between two of its own height.
pub(super) fn thin(places: &[Place]) -> Vec<Place> {
    let mut kept: Vec<Place> = Vec::new();
    for column in places.chunk_by(|one, next| one.0.floor() <= next.0 && next.0.floor() <= one.0) {
        let heights = || column.iter().enumerate();
        let lowest = heights().min_by(|a, b| a.1.1.total_cmp(&b.1.1)).map_or(0, |(at, _)| at);
        let highest = heights().max_by(|a, b| a.1.1.total_cmp(&b.1.1)).map_or(0, |(at, _)| at);
        let mut picks = [0, lowest, highest, column.len() - 1];
        picks.sort_unstable();
        for (order, &pick) in picks.iter().enumerate() {
            if order == 0 || picks[order - 1] != pick {
                push_unless_level(&mut kept, column[pick]);
            }
        }
    }
    kept
}

/// Pushes `place`; drops the last one where it lies between two of its own height.
fn push_unless_level(kept: &mut Vec<Place>, place: Place) {
    let level = |one: f64, other: f64| (one - other).abs() < 0.05;
    if let [.., before, last] = kept[..]
        && level(before.1, last.1)
        && level(last.1, place.1)
    {
        kept.pop();
    }
    kept.push(place);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 12.34 px is 123.4 tenths, to the nearest 123, printed as 12.3; 5.06 is 5.1; 40 stays 40.
    #[test]
    fn coordinates_have_one_decimal() {
        let path = Shape::Path(vec![(12.34, 5.06), (40.0, 0.0)]);
        let svg = markup(&path, &Pen::stroke(Paint::Blue, 2.0));
        assert_eq!(
            svg,
            "<polyline points=\"12.3,5.1 40,0\" class=\"s-blue\" fill=\"none\" \
             stroke-width=\"2\" stroke-linejoin=\"round\"/>"
        );
    }

    /// A block from 1.05 to 2.15: its corners go to the nearest tenth, 1.1 (up, at the half) and
    /// 2.2, so that neighbours which share an edge still share it.
    #[test]
    fn blocks_that_share_an_edge_leave_no_gap() {
        let left = markup(&Shape::Block((1.0, 0.0), (2.14, 6.0)), &Pen::fill(Paint::Blue));
        let right = markup(&Shape::Block((2.14, 0.0), (5.0, 6.0)), &Pen::fill(Paint::Blue));
        assert!(left.contains("x=\"1\"") && left.contains("width=\"1.1\""), "{left}");
        assert!(right.contains("x=\"2.1\"") && right.contains("width=\"2.9\""), "{right}");
    }

    #[test]
    fn words_of_users_do_not_break_the_markup() {
        let pen = Pen::fill(Paint::Blue).titled("<b> & \"q\"\n");
        let svg = markup(&Shape::Dot((5.0, 5.0), 2.5), &pen);
        assert!(svg.ends_with("<title>&lt;b&gt; &amp; &quot;q&quot; </title></circle>"), "{svg}");
        assert!(svg.contains("r=\"2.5\""), "{svg}");
    }

    /// Ten points in one pixel column keep the first, the extremes, and the last.
    #[test]
    fn a_thinned_column_keeps_its_extremes() {
        let column: Vec<Place> = [4.0, 5.0, 9.0, 5.0, 1.0, 5.0, 6.0]
            .into_iter()
            .enumerate()
            .map(|(place, y)| (crate::units::count(place) * 0.1, y))
            .collect();
        let heights: Vec<f64> = thin(&column).into_iter().map(|place| place.1).collect();
        assert_eq!(heights, [4.0, 9.0, 1.0, 6.0]);
    }

    #[test]
    fn a_thinned_level_keeps_its_ends() {
        let level: Vec<Place> = (0..50).map(|x| (f64::from(x) * 3.0, 7.0)).collect();
        assert_eq!(thin(&level), [(0.0, 7.0), (147.0, 7.0)]);
    }
}
