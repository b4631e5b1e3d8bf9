//! Judging requests: five million a second on one core is the aim.
//!
//! The account has a thousand snapshots and a hundred images, found by the number in their ids, so
//! that it is the judge who takes the time. Requests are plain ones, ones with a duration, a key,
//! tags, or a zone, and ones that are refused.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use snapferry::api::{
    Context, CopyImageRequest, CopySnapshotRequest, Defaults, ImageSeen, ImageState, KeyState, May,
    PlaceOf, Request, Silent, SnapshotSeen, SnapshotState, SourceKey, SpentToken, State, Tag,
    TagSpecification, Tags,
};
use snapferry::catalog::location;
use snapferry::units::Instant;

const EAST: PlaceOf<'_> = PlaceOf::Region { name: "us-east-1", partition: "aws" };
const WEST: PlaceOf<'_> = PlaceOf::Region { name: "us-west-2", partition: "aws" };
const KEY: &str = "arn:aws:kms:us-west-2:111122223333:key/2a8c0c28-6616-4613-9485-32a5dfbea375";

/// Snapshots and images in us-east-1 and us-west-2, by number.
struct Estate {
    snapshots: Vec<String>,
    images: Vec<String>,
    behind: Vec<(&'static str, SourceKey<'static>)>,
}

impl Estate {
    fn new() -> Estate {
        Estate {
            snapshots: (1..=1000).map(|n| format!("snap-{n:017x}")).collect(),
            images: (1..=100).map(|n| format!("ami-{n:017x}")).collect(),
            behind: vec![("snap-1", SourceKey::Plain), ("snap-2", SourceKey::Plain)],
        }
    }
}

/// Where an id stands that ends in its number, counted from 1.
fn place_in(ids: &[String], id: &str) -> Option<usize> {
    let number = usize::from_str_radix(id.get(id.len() - 4..)?, 16).ok()?;
    let at = number.checked_sub(1)?;
    (ids.get(at)? == id).then_some(at)
}

impl State for Estate {
    fn snapshot(&self, region: &str, id: &str) -> Option<SnapshotSeen<'_>> {
        let at = place_in(&self.snapshots, id)?;
        let encryption = if at % 2 == 0 {
            SourceKey::Plain
        } else {
            SourceKey::Under { key: KEY, usable: true }
        };
        Some(SnapshotSeen {
            place: if region == "us-west-2" { WEST } else { EAST },
            visible: true,
            state: SnapshotState::Completed,
            encryption,
        })
    }

    fn image(&self, region: &str, id: &str) -> Option<ImageSeen<'_>> {
        place_in(&self.images, id)?;
        Some(ImageSeen {
            place: if region == "us-west-2" { WEST } else { EAST },
            owner: "111122223333",
            visible: true,
            state: ImageState::Available,
            snapshots: &self.behind,
        })
    }

    fn name_is_taken(&self, _region: &str, name: &str) -> bool {
        name == "taken"
    }

    fn token(&self, _region: &str, _token: &str) -> Option<SpentToken<'_>> {
        None
    }

    fn defaults(&self, _region: &str) -> Defaults<'_> {
        Defaults { on: true, key: Some(KEY) }
    }

    fn key(&self, _region: &str, key: &str) -> KeyState {
        if key == KEY { KeyState::Usable } else { KeyState::Unknown }
    }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn tags(kind: &str) -> Option<Tags> {
    let tag = |key: &str| Tag { key: key.to_owned(), value: "x".to_owned() };
    let tags = vec![tag("Name"), tag("team")];
    Some(Tags(vec![TagSpecification { resource_type: text(kind), tags }]))
}

/// CopySnapshot in the four forms that people send.
fn snapshot_requests() -> Vec<Request> {
    let form = |n: usize| {
        let plain = CopySnapshotRequest {
            source_region: text("us-east-1"),
            source_snapshot_id: Some(format!("snap-{:017x}", 1 + n * 37 % 1000)),
            description: text("nightly"),
            ..CopySnapshotRequest::default()
        };
        match n % 4 {
            0 => plain,
            1 => CopySnapshotRequest { completion_duration_minutes: Some(60), ..plain },
            2 => CopySnapshotRequest {
                encrypted: Some(true),
                kms_key_id: text(KEY),
                tag_specifications: tags("snapshot"),
                ..plain
            },
            _ => CopySnapshotRequest {
                source_region: text("us-west-2"),
                destination_availability_zone: text("us-west-2-lax-1a"),
                ..plain
            },
        }
    };
    (0..256).map(|n| Request::Snapshot(form(n))).collect()
}

/// CopyImage, with and without a token, a duration, and tags.
fn image_requests() -> Vec<Request> {
    let form = |n: usize| {
        let plain = CopyImageRequest {
            source_region: text("us-east-1"),
            source_image_id: Some(format!("ami-{:017x}", 1 + n * 37 % 100)),
            name: Some(format!("web-golden-2026.{n}")),
            client_token: text("b0dbd266-472a-45c3-9aae-37bb8a73fdf8"),
            ..CopyImageRequest::default()
        };
        match n % 2 {
            0 => plain,
            _ => CopyImageRequest {
                snapshot_copy_completion_duration_minutes: Some(15),
                copy_image_tags: Some(true),
                tag_specifications: tags("image"),
                ..plain
            },
        }
    };
    (0..256).map(|n| Request::Image(form(n))).collect()
}

/// Requests that are refused, each with a message: a step that is none.
fn refused_requests() -> Vec<Request> {
    let mut requests = snapshot_requests();
    for request in &mut requests {
        if let Request::Snapshot(request) = request {
            request.completion_duration_minutes = Some(20);
        }
    }
    requests
}

fn judge(criterion: &mut Criterion) {
    let estate = Estate::new();
    let context = Context {
        region: location::region("us-west-2").expect("a Region"),
        account: "111122223333",
        may: May::ALL,
        state: &estate,
        silent: &Silent::DEFAULT,
        now: Instant::from_nanos(0),
    };
    let mut group = criterion.benchmark_group("judge");
    for (name, requests, is_accepted) in [
        ("snapshots", snapshot_requests(), true),
        ("images", image_requests(), true),
        ("refused", refused_requests(), false),
    ] {
        for request in &requests {
            assert_eq!(context.judge(request).is_ok(), is_accepted, "{request:?}");
        }
        group.throughput(Throughput::Elements(256));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let judged = black_box(&requests).iter().map(|request| context.judge(request));
                judged.filter(|answer| black_box(answer).is_ok()).count()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, judge);
criterion_main!(benches);
