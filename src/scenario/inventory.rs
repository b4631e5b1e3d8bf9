//! What users export: snapshots and images as the AWS CLI prints them, volumes as a CSV, requests as
//! CloudTrail logs them.
//!
//! Reading is a pure function of bytes: the caller opens the files. Each file is read alone
//! ([`Snapshots::read`], [`Images::read`], [`Csv::read`]) and tells all its problems at once;
//! [`Inventory::of`] then joins the files, and counts what it leaves out and what it assumes.
//!
//! A volume is as large as its newest completed snapshot says. A copy is shown by the API without
//! its volume (`vol-ffffffff`, F31): where its description names a source that is in the files, it
//! belongs to that one's volume and is as old as that one; else it stands for a volume of its own,
//! named after the source, or after itself where the description says nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Image, ListedVolume};

mod problem;
mod text;
mod json;
mod field;
mod snapshot;
mod image;
mod sheet;
mod blocks;
mod choose;
mod trail;
#[cfg(test)]
mod tests;

pub use blocks::{ChangedBlocks, n_changed};
pub use image::{BackingSnapshot, Images, ListedImage};
pub use problem::InputProblem;
pub use sheet::{Csv, CsvVolume};
pub use snapshot::{Encryption, Snapshot, Snapshots, Stored};
pub use trail::{Deletion, Trail, TrailEvent, undone};

/// The files of one inventory, each read by itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Exports {
    /// From `aws ec2 describe-snapshots`.
    pub snapshots: Vec<Snapshots>,
    /// From `aws ec2 describe-images`.
    pub images: Vec<Images>,
    /// Tables of volumes.
    pub sheets: Vec<Csv>,
    /// Key of the tag of snapshots that names the application of their volume.
    pub application_tag: Option<String>,
}

/// What the files of one inventory say together.
#[derive(Debug, Clone, PartialEq)]
pub struct Inventory {
    volumes: Vec<ListedVolume>,
    images: Vec<Image>,
    snapshots: Vec<Snapshot>,
    groups: BTreeMap<String, Vec<String>>,
    regions: BTreeSet<String>,
    owners: BTreeSet<String>,
    tally: Tally,
    warnings: Vec<InputProblem>,
}

impl Inventory {
    /// Joins files: an item that several list counts once, images get the sizes of the snapshots
    /// that back them. Only what is stored in places that `is_meant` accepts is kept: a fleet in a
    /// Region means [`Stored::Region`], one in a Local Zone the snapshots of that zone.
    ///
    /// # Errors
    /// When two CSV files list the same volume.
    pub fn of(
        exports: Exports,
        is_meant: &dyn Fn(&Stored) -> bool,
    ) -> Result<Inventory, Vec<InputProblem>> {
        let doubles = sheet::twice(&exports.sheets);
        if !doubles.is_empty() {
            return Err(doubles);
        }
        let warnings = exports
            .snapshots
            .iter()
            .flat_map(|file| &file.warnings)
            .chain(exports.images.iter().flat_map(|file| &file.warnings))
            .cloned()
            .collect();
        let mut tally = Tally::default();
        let snapshots = exports.snapshots.into_iter().flat_map(|file| file.items);
        let snapshots = choose::each_once(snapshots, &mut tally);
        let images = exports.images.into_iter().flat_map(|file| file.items);
        let images = choose::each_once(images, &mut tally);
        let images = choose::images(&images, is_meant, &mut tally);
        let rows: Vec<CsvVolume> = exports.sheets.into_iter().flat_map(|csv| csv.items).collect();
        let tag = exports.application_tag.as_deref();
        let mut volumes = choose::volumes(&snapshots, &images, is_meant, tag, &mut tally);
        choose::put_rows(&rows, &mut volumes, &mut tally);
        Ok(Inventory {
            volumes: volumes.into_values().collect(),
            images: choose::sized(&images, &snapshots, &mut tally),
            groups: groups_of(&rows),
            regions: choose::regions(&snapshots, &images),
            owners: choose::owners(&snapshots, &images),
            snapshots: snapshots.into_values().collect(),
            tally,
            warnings,
        })
    }

    /// The volumes, in order of their names; the ones of images that are listed are not among
    /// them.
    pub fn volumes(&self) -> Vec<ListedVolume> {
        self.volumes.clone()
    }

    /// The images, in order of their IDs.
    pub fn images(&self) -> Vec<Image> {
        self.images.clone()
    }

    /// The snapshots that the files list, also those that are left out, in order of their IDs:
    /// what is known of encryption and age.
    pub fn snapshots(&self) -> &[Snapshot] {
        &self.snapshots
    }

    /// The volumes of each group that a CSV names.
    pub fn groups(&self) -> &BTreeMap<String, Vec<String>> {
        &self.groups
    }

    /// The Region that the files come from, where the ARNs in them name exactly one.
    pub fn region(&self) -> Option<&str> {
        match self.regions.len() {
            1 => self.regions.first().map(String::as_str),
            _ => None,
        }
    }

    /// The Regions that the ARNs in the files name.
    pub fn regions(&self) -> &BTreeSet<String> {
        &self.regions
    }

    /// The accounts that own what the files list.
    pub fn owners(&self) -> &BTreeSet<String> {
        &self.owners
    }

    /// What the files list and neither volumes nor images hold, by reason: `("snapshot pending",
    /// 2)`.
    pub fn left_out(&self) -> Vec<(String, u64)> {
        self.tally.left_out.clone().into_iter().collect()
    }

    /// What the volumes and images rest on that the files do not say, with how many it touches.
    pub fn assumed(&self) -> Vec<(String, u64)> {
        self.tally.assumed.clone().into_iter().collect()
    }

    /// Remarks on the files, such as that there are more pages.
    pub fn warnings(&self) -> &[InputProblem] {
        &self.warnings
    }
}

fn groups_of(rows: &[CsvVolume]) -> BTreeMap<String, Vec<String>> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        if let Some(group) = &row.group {
            groups.entry(group.clone()).or_default().push(row.volume.clone());
        }
    }
    groups
}

/// Counts of what is left out and what is assumed, by their words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Tally {
    left_out: BTreeMap<String, u64>,
    assumed: BTreeMap<String, u64>,
}

impl Tally {
    fn leave_out(&mut self, reason: &str) {
        *self.left_out.entry(reason.to_owned()).or_default() += 1;
    }

    fn assume(&mut self, what: &str) {
        *self.assumed.entry(what.to_owned()).or_default() += 1;
    }
}
