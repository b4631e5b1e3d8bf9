//! What `aws ebs list-changed-blocks` prints: the blocks that differ between two snapshots.
//!
//! The document does not say of which snapshots it tells; the scenario does. Documented: EBS direct
//! APIs, `ListChangedBlocks`.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use super::field::{Faults, is_absent};
use super::json::{CHANGED_BLOCKS, Opened, open};
use super::problem::InputProblem;
use crate::catalog::limit::{BLOCK, VOLUME_MAX};
use crate::units::{Bytes, index_u64};

/// The changed blocks of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedBlocks {
    /// Name of the file.
    pub file: String,
    /// Indices of the blocks, in order of the file.
    pub blocks: Vec<u64>,
    /// Size of the volume.
    pub provisioned: Bytes,
    /// Whether another page follows (`NextToken`).
    pub has_next: bool,
}

/// One changed block in the words of the API; its tokens play no part.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Item {
    block_index: Value,
}

impl ChangedBlocks {
    /// Reads what `aws ebs list-changed-blocks --output json` prints, or one page of it; `file` is
    /// its name in messages. No block at all is a document like others.
    ///
    /// # Errors
    /// All that is wrong with it: no JSON, another call, blocks of another size than 512 KiB (F109),
    /// no size of the volume, or indices that are none or lie beyond it.
    pub fn read(file: &str, bytes: &[u8]) -> Result<ChangedBlocks, Vec<InputProblem>> {
        let opened = open::<Item>(file, bytes, CHANGED_BLOCKS).map_err(|problem| vec![problem])?;
        let mut problems = Vec::new();
        problems.extend(wrong_block_size(file, &opened));
        let provisioned = provisioned(file, &opened).map_err(|problem| problems.push(problem)).ok();
        let last = provisioned.unwrap_or(VOLUME_MAX).get() / BLOCK.get();
        let mut faults = Faults::default();
        let blocks: Vec<u64> = opened
            .items
            .iter()
            .enumerate()
            .filter_map(|(item_idx, item)| index(item, last, item_idx, &mut faults))
            .collect();
        problems.extend(faults.into_problems(file, opened.text, CHANGED_BLOCKS));
        match provisioned {
            Some(provisioned) if problems.is_empty() => {
                let has_next = opened.has_token;
                Ok(ChangedBlocks { file: file.to_owned(), blocks, provisioned, has_next })
            }
            _ => Err(problems),
        }
    }
}

fn wrong_block_size(file: &str, opened: &Opened<'_, Item>) -> Option<InputProblem> {
    let size = opened.beside("BlockSize");
    let message = match size {
        size if size.as_u64() == Some(BLOCK.get()) => return None,
        size if is_absent(size) => "there is no `BlockSize`".to_owned(),
        size => format!("`BlockSize` is {size}, not {}", BLOCK.get()),
    };
    Some(InputProblem::of_file(file, message).with_help("blocks of EBS have 512 KiB (F109)"))
}

/// The size of the volume, which the document gives in GiB.
fn provisioned(file: &str, opened: &Opened<'_, Item>) -> Result<Bytes, InputProblem> {
    let size = opened.beside("VolumeSize");
    let message = match size.as_u64() {
        Some(gib) if (1..=VOLUME_MAX.get() >> 30).contains(&gib) => return Ok(Bytes::gib(gib)),
        _ if is_absent(size) => "there is no `VolumeSize`".to_owned(),
        _ => format!("`VolumeSize` is {size}, not a number of GiB up to {VOLUME_MAX}"),
    };
    Err(InputProblem::of_file(file, message))
}

/// The index of a block of a volume that has `n_blocks`.
fn index(item: &Item, n_blocks: u64, item_idx: usize, faults: &mut Faults) -> Option<u64> {
    let index = item.block_index.as_u64();
    let found = index.filter(|index| *index < n_blocks);
    if found.is_none() {
        let mut fields = faults.item(CHANGED_BLOCKS.key, item_idx, &Value::Null);
        let value = &item.block_index;
        match index {
            Some(index) => {
                fields.fault(&format!("`BlockIndex` is {index}; the volume ends at {n_blocks}"));
            }
            None if is_absent(value) => fields.need("BlockIndex", value),
            None => fields.fault(&format!("`BlockIndex` is {value}, not a whole number")),
        }
    }
    found
}

/// How many blocks the pages of one call name, each counted once.
///
/// # Errors
/// When every page says that another one follows, or they tell of volumes of several sizes.
pub fn n_changed(pages: &[ChangedBlocks]) -> Result<u64, Vec<InputProblem>> {
    let mut problems = Vec::new();
    if let Some(last) = pages.last().filter(|_| pages.iter().all(|page| page.has_next)) {
        let message = "there are more changed blocks than the files hold (`NextToken`)";
        let help = format!(
            "run `{}` without `--max-items`, or give all the pages",
            CHANGED_BLOCKS.command
        );
        problems.push(InputProblem::of_file(&last.file, message).with_help(help));
    }
    for pair in pages.windows(2) {
        let [before, page] = [&pair[0], &pair[1]];
        if before.provisioned != page.provisioned {
            let message = format!(
                "the volume has {}, and {} in {}: not pages of one call",
                page.provisioned, before.provisioned, before.file
            );
            problems.push(InputProblem::of_file(&page.file, message));
        }
    }
    let distinct: BTreeSet<u64> = pages.iter().flat_map(|page| &page.blocks).copied().collect();
    if problems.is_empty() { Ok(index_u64(distinct.len())) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(volume: u64, blocks: &[u64], token: &str) -> String {
        let items: Vec<String> = blocks
            .iter()
            .map(|n| format!(r#"{{"BlockIndex": {n}, "SecondBlockToken": "AAAB{n}"}}"#))
            .collect();
        format!(
            r#"{{"ChangedBlocks": [{}], "ExpiryTime": "2026-03-09T10:00:00+00:00",
                "VolumeSize": {volume}, "BlockSize": 524288{token}}}"#,
            items.join(", ")
        )
    }

    const TOKEN: &str = r#", "NextToken": "AAAD""#;

    fn read(file: &str, text: &str) -> ChangedBlocks {
        ChangedBlocks::read(file, text.as_bytes()).unwrap()
    }

    fn told(problems: &[InputProblem]) -> String {
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    fn refused(text: &str) -> String {
        told(&ChangedBlocks::read("b.json", text.as_bytes()).unwrap_err())
    }

    /// 0, 1, and 7 on one page, 7 and 9 on the other: four blocks; none at all is none.
    #[test]
    fn blocks_of_several_pages_count_once() {
        let one = read("1.json", &page(8, &[0, 1, 7], TOKEN));
        let other = read("2.json", &page(8, &[7, 9], ""));
        assert_eq!(n_changed(&[one.clone(), other.clone()]), Ok(4));
        assert_eq!(n_changed(&[other, one]), Ok(4), "in any order");
        assert_eq!(n_changed(&[read("3.json", &page(8, &[], ""))]), Ok(0));
    }

    #[test]
    fn pages_that_do_not_make_a_whole_are_refused() {
        let one = read("1.json", &page(8, &[0], TOKEN));
        insta::assert_snapshot!(told(&n_changed(std::slice::from_ref(&one)).unwrap_err()), @"1.json: there are more changed blocks than the files hold (`NextToken`) (run `aws ebs list-changed-blocks --first-snapshot-id … --second-snapshot-id … --output json` without `--max-items`, or give all the pages)");
        let other = read("2.json", &page(9, &[1], ""));
        insta::assert_snapshot!(told(&n_changed(&[one, other]).unwrap_err()), @"2.json: the volume has 9 GiB, and 8 GiB in 1.json: not pages of one call");
    }

    /// 1 GiB has 2,048 blocks, of which the last one is 2,047.
    #[test]
    fn what_is_wrong_with_a_page_is_said_at_once() {
        assert_eq!(read("b.json", &page(1, &[2047], "")).blocks, [2047]);
        let text = r#"{"ChangedBlocks": [{"BlockIndex": 2048},
            {"BlockIndex": -1}, {}], "VolumeSize": 1, "BlockSize": 4096}"#;
        insta::assert_snapshot!(refused(text), @r"
        b.json: `BlockSize` is 4096, not 524288 (blocks of EBS have 512 KiB (F109))
        b.json:1: ChangedBlocks[0]: `BlockIndex` is 2048; the volume ends at 2048
        b.json:2: ChangedBlocks[1]: `BlockIndex` is -1, not a whole number
        b.json:2: ChangedBlocks[2]: there is no `BlockIndex`
        ");
        insta::assert_snapshot!(refused(r#"{"ChangedBlocks": []}"#), @r"
        b.json: there is no `BlockSize` (blocks of EBS have 512 KiB (F109))
        b.json: there is no `VolumeSize`
        ");
        insta::assert_snapshot!(refused(r#"{"ChangedBlocks": [], "VolumeSize": 0, "BlockSize": 524288}"#), @"b.json: `VolumeSize` is 0, not a number of GiB up to 64 TiB");
    }

    #[test]
    fn other_calls_are_named() {
        insta::assert_snapshot!(refused(r#"{"Blocks": [], "BlockSize": 524288}"#), @"b.json: this is the output of `aws ebs list-snapshot-blocks` (key `Blocks`), not the output of `list-changed-blocks` (run `aws ebs list-changed-blocks --first-snapshot-id … --second-snapshot-id … --output json`)");
        insta::assert_snapshot!(refused(r#"{"Snapshots": []}"#), @"b.json: this is the output of `aws ec2 describe-snapshots` (key `Snapshots`), not the output of `list-changed-blocks` (give it under `snapshots`)");
        insta::assert_snapshot!(refused("[]"), @"b.json: a bare list without a key at the top (run `aws ebs list-changed-blocks --first-snapshot-id … --second-snapshot-id … --output json`, without `--query`)");
    }
}
