//! Pictures from an output folder.

pub mod theme;
pub mod chart;
pub mod figure;
mod read;

use std::fs;
use std::path::Path;

pub use read::Fault;

use chart::{Frame, PlotWidth};

/// Draws what the tables of an output folder say, as SVG files beside them; gives their names.
///
/// A picture whose table the folder has not is left out.
///
/// # Errors
/// When a file cannot be read or written, or does not say what it should.
pub fn write_charts(folder: &Path) -> Result<Vec<String>, Fault> {
    let figures = figure::figures(folder)?;
    let mut names = Vec::with_capacity(figures.len());
    for figure in figures {
        let name = format!("{}.svg", figure.name);
        let svg = figure.draw(Frame::file(PlotWidth::Wide)).to_svg();
        let path = folder.join(&name);
        fs::write(&path, svg).map_err(|error| Fault::machine("write", &path, error))?;
        names.push(name);
    }
    Ok(names)
}
