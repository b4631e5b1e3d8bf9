//! Finished runs as bytes: one record a run, in a file that only grows.
//!
//! A file begins with eight bytes that say what it is, the layout of its records, and the results
//! version; then come records: the first holds what the runs belong to, each of the others one run.
//! A record is a head of 20 bytes (length, point, replication, checksum of the body, checksum of
//! the head itself, each a little-endian u32) and the body. A program that is stopped can leave
//! half a record at the end, and nothing else: what follows the last whole record is cut off. A
//! body that does not fit its checksum is passed over.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};

use super::flow_level::FlowTotals;
use super::manifest::RESULTS_VERSION;
use crate::drive::RunResult;
use crate::plan::RunKey;
use crate::units::{index_u64, index_usize};

mod identity;

pub(super) use identity::{Identity, is_number, told};

/// What such a file begins with.
const MAGIC: [u8; 8] = *b"sf-parts";

/// Goes up when the same run has other bytes here: with a field of [`RunResult`], or a measure.
const LAYOUT: u32 = 3;

/// Bytes before the first record.
const PREFACE: usize = 16;

/// Bytes of the head of a record.
const HEAD: usize = 20;

/// Stands for the point of the record that is no run.
const NO_POINT: u32 = u32::MAX;

/// Stands in the replication of a run that has rows: a point has at most 100,000 replications.
const WITH_ROWS: u32 = 1 << 31;

/// A finished run with what it left.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Part {
    /// What it gave.
    pub(super) result: RunResult,
    /// The rows that it wrote, file by file.
    pub(super) rows: Vec<RowsPart>,
    /// What it comes to where flows enter the network alone.
    pub(super) flows: Option<FlowTotals>,
}

/// Rows that one run wrote for one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RowsPart {
    /// The file, as `copies.csv`.
    pub(super) file: String,
    /// How many bytes they have.
    pub(super) n_bytes: u64,
    /// Their CRC-32.
    pub(super) checksum: u32,
}

/// Where the body of a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// First byte of the body.
    pub(super) from: u64,
    /// How many bytes it has.
    pub(super) length: u32,
    /// Whether the run wrote rows.
    pub(super) has_rows: bool,
}

/// Why a file of parts is not taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Foreign {
    /// It is not whole up to its first run: a program was stopped before there was one.
    Empty,
    /// Another version of the program wrote it: the results version that it has.
    Version(u32),
    /// Another layout, of this results version.
    Layout,
}

impl Foreign {
    /// Whose runs they are, in words that follow "runs".
    pub(super) fn told(&self) -> String {
        match self {
            Foreign::Empty => "of nobody: the file has no beginning".to_owned(),
            Foreign::Version(theirs) => {
                format!("of results version {theirs}, and this program's is {RESULTS_VERSION}")
            }
            Foreign::Layout => {
                "by another version of this program, which wrote them otherwise".to_owned()
            }
        }
    }
}

/// What stands in a file of parts.
#[derive(Debug)]
pub(super) struct Contents {
    /// What its runs belong to.
    pub(super) identity: Identity,
    /// The runs that are whole. Of two records of one run, the later counts.
    pub(super) runs: BTreeMap<RunKey, Place>,
    /// Bytes up to the end of the last whole record.
    pub(super) length: u64,
}

/// The bytes that a file for runs of `identity` begins with.
pub(super) fn preface(identity: &Identity) -> Vec<u8> {
    let mut bytes = Vec::from(MAGIC);
    bytes.extend(LAYOUT.to_le_bytes());
    bytes.extend(RESULTS_VERSION.to_le_bytes());
    let body = postcard::to_stdvec(identity).expect("plain data has bytes");
    bytes.extend(head(NO_POINT, 0, &body).expect("an identity is short"));
    bytes.extend(body);
    bytes
}

/// A run as a record; `None` where it has more than 4 GiB.
pub(super) fn record(key: RunKey, part: &Part) -> Option<Vec<u8>> {
    let mut bytes = postcard::to_extend(part, vec![0; HEAD]).expect("plain data has bytes");
    let head = head_of(key, !part.rows.is_empty(), &bytes[HEAD..])?;
    bytes[..HEAD].copy_from_slice(&head);
    Some(bytes)
}

/// The head of the record of a run with this body; `None` where that has more than 4 GiB.
pub(super) fn head_of(key: RunKey, has_rows: bool, body: &[u8]) -> Option<[u8; HEAD]> {
    let point = u32::try_from(key.point).expect("a plan has at most a million runs");
    assert!(key.replication < WITH_ROWS, "replication {}", key.replication);
    let flag = if has_rows { WITH_ROWS } else { 0 };
    head(point, key.replication | flag, body)
}

/// The body of the record that is `bytes`.
pub(super) fn body(place: u64, record: &[u8]) -> Place {
    let length = u32::try_from(record.len() - HEAD).expect("a record was made of it");
    let has_rows = field(record, 8) & WITH_ROWS != 0;
    Place { from: place + index_u64(HEAD), length, has_rows }
}

/// The run whose body this is.
///
/// # Errors
/// When it is none, as of a body that another version of the program wrote.
pub(super) fn part(body: &[u8]) -> io::Result<Part> {
    postcard::from_bytes(body).map_err(io::Error::other)
}

fn head(point: u32, replication: u32, body: &[u8]) -> Option<[u8; HEAD]> {
    let mut head = [0; HEAD];
    let fields =
        [u32::try_from(body.len()).ok()?, point, replication, crc32fast::hash(body)].into_iter();
    for (at, field) in (0..).step_by(4).zip(fields) {
        head[at..at + 4].copy_from_slice(&field.to_le_bytes());
    }
    let own = crc32fast::hash(&head[..HEAD - 4]);
    head[HEAD - 4..].copy_from_slice(&own.to_le_bytes());
    Some(head)
}

fn field(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

/// Reads a file of parts from its beginning, and says what is whole.
///
/// # Errors
/// What the operating system says; inside, why its runs cannot be taken up.
pub(super) fn scan(file: &mut File) -> io::Result<Result<Contents, Foreign>> {
    file.seek(SeekFrom::Start(0))?;
    let mut from = BufReader::with_capacity(1 << 16, file);
    let (identity, mut length) = match opening(&mut from)? {
        Ok(opening) => opening,
        Err(foreign) => return Ok(Err(foreign)),
    };
    let mut body = Vec::new();
    let mut runs = BTreeMap::new();
    while let Some((point, replication, is_whole)) = next(&mut from, &mut body)? {
        if is_whole {
            let point = index_usize(point);
            let key = RunKey { point, replication: replication & !WITH_ROWS };
            let place = Place {
                from: length + index_u64(HEAD),
                length: u32::try_from(body.len()).expect("as its head says"),
                has_rows: replication & WITH_ROWS != 0,
            };
            runs.insert(key, place);
        }
        length += index_u64(HEAD + body.len());
    }
    Ok(Ok(Contents { identity, runs, length }))
}

/// What the runs of a file belong to, and the bytes before the first of them.
///
/// # Errors
/// As [`scan`].
pub(super) fn opening(from: &mut impl Read) -> io::Result<Result<(Identity, u64), Foreign>> {
    let mut preface = [0; PREFACE];
    if !fill(from, &mut preface)? || preface[..MAGIC.len()] != MAGIC {
        return Ok(Err(Foreign::Empty));
    }
    match (field(&preface, 12), field(&preface, 8)) {
        (RESULTS_VERSION, LAYOUT) => {}
        (RESULTS_VERSION, _) => return Ok(Err(Foreign::Layout)),
        (version, _) => return Ok(Err(Foreign::Version(version))),
    }
    let mut body = Vec::new();
    let identity = match next(from, &mut body)? {
        Some((NO_POINT, _, true)) => postcard::from_bytes(&body).ok(),
        _ => None,
    };
    let length = index_u64(PREFACE + HEAD + body.len());
    Ok(identity.map(|identity| (identity, length)).ok_or(Foreign::Empty))
}

/// The next record: its point and replication, and whether its body fits its checksum. `None` where
/// the file ends, or what follows is no whole record.
fn next(from: &mut impl Read, body: &mut Vec<u8>) -> io::Result<Option<(u32, u32, bool)>> {
    let mut head = [0; HEAD];
    if !fill(from, &mut head)? || field(&head, 16) != crc32fast::hash(&head[..HEAD - 4]) {
        return Ok(None);
    }
    body.clear();
    let wanted = u64::from(field(&head, 0));
    let n = from.take(wanted).read_to_end(body)?;
    let is_there = index_u64(n) == wanted;
    let is_whole = field(&head, 12) == crc32fast::hash(body);
    Ok(is_there.then_some((field(&head, 4), field(&head, 8), is_whole)))
}

/// Fills `bytes`, and says whether there were as many.
fn fill(from: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
