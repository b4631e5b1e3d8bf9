//! Rows of `copies.csv` and `images.csv`, run by run.

use std::path::{Path, PathBuf};

use super::files::{TableRows, broken, open, wrong};
use crate::catalog::Cause;
use crate::compare::Refusal;
use crate::compare::rows::{Causes, Kept, Line, Name};
use crate::record::Outcome;
use crate::report::{Fault, Row};
use crate::units::{Instant, Span};

/// The rows of one point of a folder, read run by run.
pub(super) struct KeptRows {
    copies: Stream,
    images: Option<Stream>,
}

/// Point and replication of a row.
type RunPlace = (u64, u64);

/// One table, whose rows stand in order of points and replications.
struct Stream {
    folder: PathBuf,
    file: &'static str,
    read: fn(&mut Row<'_>) -> Result<Line, Fault>,
    rows: TableRows,
    point: u64,
    /// The row that was read too far, with its place.
    ahead: Option<(RunPlace, Line)>,
    last: RunPlace,
}

impl KeptRows {
    /// Opens the rows of a point.
    pub(super) fn open(folder: &Path, point: usize) -> Result<KeptRows, Refusal> {
        let has_images = folder.join("images.csv").exists();
        let images = has_images.then(|| Stream::open((folder, point), "images.csv", image_line));
        Ok(KeptRows {
            copies: Stream::open((folder, point), "copies.csv", copy_line)?,
            images: images.transpose()?,
        })
    }

    /// The copies of a replication; replications are asked for in their order.
    pub(super) fn of_run(&mut self, replication: u64) -> Result<Kept, Refusal> {
        let mut kept = Kept::default();
        self.copies.read_run(replication, |line| kept.take_copy(&line))?;
        if let Some(images) = &mut self.images {
            images.read_run(replication, |line| kept.take_image(&line))?;
        }
        Ok(kept)
    }
}

impl Stream {
    fn open(
        (folder, point): (&Path, usize),
        file: &'static str,
        read: fn(&mut Row<'_>) -> Result<Line, Fault>,
    ) -> Result<Stream, Refusal> {
        Ok(Stream {
            folder: folder.to_owned(),
            file,
            read,
            rows: open(folder, file)?,
            point: crate::units::index_u64(point),
            ahead: None,
            last: (0, 0),
        })
    }

    /// Gives the rows of a replication of the point to `take`.
    fn read_run(&mut self, replication: u64, mut take: impl FnMut(Line)) -> Result<(), Refusal> {
        let wanted = (self.point, replication);
        loop {
            let next = match self.ahead.take() {
                Some(ahead) => Some(ahead),
                None => self.next()?,
            };
            match next {
                Some((place, line)) if place == wanted => take(line),
                Some((place, _)) if place < wanted => {}
                Some(beyond) => {
                    self.ahead = Some(beyond);
                    return Ok(());
                }
                None => return Ok(()),
            }
        }
    }

    fn next(&mut self) -> Result<Option<(RunPlace, Line)>, Refusal> {
        let Stream { folder, rows, read, .. } = self;
        let broken = |fault| broken(folder, fault);
        let Some(mut row) = rows.next().map_err(broken)? else { return Ok(None) };
        let place = place(&mut row).map_err(broken)?;
        let line = read(&mut row).map_err(broken)?;
        if place < self.last {
            return Err(wrong(
                &self.folder,
                format!(
                    "{} has a row of point {}, run {} after one of point {}, run {}: it was edited; \
                     run the scenario again",
                    self.file, place.0, place.1, self.last.0, self.last.1
                ),
            ));
        }
        self.last = place;
        Ok(Some((place, line)))
    }
}

fn place(row: &mut Row<'_>) -> Result<(u64, u64), Fault> {
    Ok((row.at("point").must()?, row.at("replication").must()?))
}

fn outcome(row: &mut Row<'_>) -> Result<Outcome, Fault> {
    row.at("outcome").one_of(Outcome::ALL.map(|outcome| (outcome.name(), outcome)))
}

fn copy_line(row: &mut Row<'_>) -> Result<Line, Fault> {
    let fleet = row.at("fleet").text().to_owned();
    let item = row.at("volume").text().to_owned();
    let to = row.at("to").text().to_owned();
    let outcome = outcome(row)?;
    let due: Instant = row.at("due_utc").must()?;
    let ended: Option<Instant> = row.at("ended_utc").maybe()?;
    let on_time = row.at("on_time").maybe()?;
    let mut causes: Causes = [Span::ZERO; Cause::ALL.len()];
    for (time, cause) in causes.iter_mut().zip(Cause::ALL) {
        *time = row.at(&format!("{}_s", cause.name())).must()?;
    }
    let adds_up = ended.is_none_or(|ended| {
        outcome != Outcome::Completed || due + causes.iter().copied().sum() == ended
    });
    if !adds_up {
        return Err(row.wrong("its times by cause do not add up to ended_utc − due_utc"));
    }
    let name = Name { fleet, item, to, due };
    Ok(Line { name, outcome, ended, on_time, causes: Some(causes) })
}

fn image_line(row: &mut Row<'_>) -> Result<Line, Fault> {
    let fleet = row.at("fleet").text().to_owned();
    let item = row.at("image").text().to_owned();
    let to = row.at("to").text().to_owned();
    let outcome = outcome(row)?;
    let due = row.at("due_utc").must()?;
    let ended = row.at("ended_utc").maybe()?;
    let on_time = row.at("on_time").maybe()?;
    Ok(Line { name: Name { fleet, item, to, due }, outcome, ended, on_time, causes: None })
}
