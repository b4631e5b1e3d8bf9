//! Models made in code, small and quiet: nothing is drawn unless a test asks for it.

use snapferry::catalog::{Cause, ErrorCode, limit};
use snapferry::drive::{self, Keep, RunResult};
use snapferry::engine::Source;
use snapferry::engine::network::{Levels, Network, Reference};
use snapferry::model::change::SourceSnapshot;
use snapferry::model::{
    Account, AmiSplit, Applications, Assumptions, BillRound, CancelSnaps, CatchUp, Change, Client,
    ClientPolicy, Clock, CopyRule, Counting, Fleet, Image, ImageSnapshot, IncrementalBase, Items,
    Jitter, Limits, Link, LinkLoss, LinkOrigin, LinkWindow, ListedVolume, Model, OnQuotaShort,
    Overlap, Pace, Place, Prices, Progress, QuotaScope, Recurrence, Rekey, Residual, Route,
    SameSource, Schedule, Site, SiteIdx, SourceDelete, TierRule, WindowStart,
};
use snapferry::record::{AgeSplit, CopyRecord, ImageRecord, Outcome, RpoRecord, Sink, WhyFull};
use snapferry::rng::Distribution;
use snapferry::units::{Bytes, Instant, Rate, Span, index_usize};

/// Start of every model: Monday, 2027-01-04T00:00:00Z = 20,822 days after 1970-01-01.
pub(crate) const START: Instant = Instant::from_nanos(20_822 * 86_400 * 1_000_000_000);

/// `us-east-1`, where the fleets of [`model`] are.
pub(crate) const HOME: SiteIdx = SiteIdx(0);
/// `us-west-2`, by route 0.
pub(crate) const WEST: SiteIdx = SiteIdx(1);
/// `eu-west-1`, by route 1.
pub(crate) const IRELAND: SiteIdx = SiteIdx(2);
/// An Outpost of `us-east-1`, by route 2.
pub(crate) const OUTPOST: SiteIdx = SiteIdx(3);

/// The moment this many seconds after the start.
pub(crate) fn at(secs: u64) -> Instant {
    START + Span::from_secs(secs)
}

/// The place of a site in tables.
pub(crate) fn route_to(site: SiteIdx) -> usize {
    site.0 - 1
}

/// A Region, two others, and an Outpost; no fleet yet; no start-up, standard copies at 100 MiB/s,
/// snapshots ready at once; everything else as published or by default.
pub(crate) fn model() -> Model {
    let region = |name: &str| Site { name: name.to_owned(), place: Place::Region };
    let outpost = Site { name: "plant".to_owned(), place: Place::Outpost { parent: HOME } };
    let route = |to| Route { from: HOME, to, links: Vec::new() };
    Model {
        name: "test".to_owned(),
        question: String::new(),
        seed: 1,
        fleet_seed: 1,
        resample_fleet: false,
        replications: 1,
        precision: None,
        start: START,
        horizon: Span::from_days(1),
        warm_up: Span::ZERO,
        drain: Span::from_hours(48),
        sites: vec![region("us-east-1"), region("us-west-2"), region("eu-west-1"), outpost],
        links: Vec::new(),
        routes: [WEST, IRELAND, OUTPOST].map(route).to_vec(),
        accounts: vec![Account { name: "own".to_owned(), limits: limits() }],
        assume: assume(),
        clients: Vec::new(),
        fleets: Vec::new(),
        incidents: Vec::new(),
        targets: Vec::new(),
        prices: Prices::default(),
        flow_level: None,
        left_out: Vec::new(),
    }
}

fn limits() -> Limits {
    let bucket = |tokens: limit::TokenBucket| (tokens.capacity, tokens.refill_per_s);
    Limits {
        snapshot_slots: limit::SNAPSHOT_COPY_SLOTS,
        snapshot_slots_at: Vec::new(),
        image_slots: limit::IMAGE_COPY_SLOTS,
        quota: limit::PAIR_QUOTA.ceil(),
        quota_of: Vec::new(),
        copy_rate: limit::COPY_RATE_MAX.ceil(),
        copy_snapshot_bucket: bucket(limit::COPY_SNAPSHOT_TOKENS),
        copy_image_bucket: bucket(limit::COPY_IMAGE_TOKENS),
        snapshots: limit::SNAPSHOTS_PER_REGION,
    }
}

fn assume() -> Assumptions {
    Assumptions {
        clock: Clock::Transfer,
        pace: Pace::Exact,
        time_based_slots: Counting::Counted,
        image_snapshot_slots: Counting::Free,
        edge_shares_parent_slots: false,
        same_source: SameSource::SameDestination,
        residual: Residual::Static,
        catch_up: CatchUp::Borrow,
        min_grant: Rate::mib_per_s(1),
        incremental_base: IncrementalBase::Completed,
        rekey: Rekey::First,
        edge_always_full: false,
        quota_by_full_size: false,
        quota_scope: QuotaScope::Pair,
        ami_split: AmiSplit::Proportional,
        link_loss: LinkLoss::Resume,
        tier: TierRule::TimeBasedFirst,
        cancel_snaps: CancelSnaps::Cancelled,
        source_delete: SourceDelete::Continue,
        progress: Progress::Percent,
        bill_round: BillRound::Up,
        quota_code: ErrorCode::ResourceLimitExceeded,
        blame_service: false,
        overhead: Distribution::Constant(0.0),
        standard_rate: Distribution::Constant(Rate::mib_per_s(100).get()),
        snapshot_fixed: Span::ZERO,
        snapshot_rate: Rate::INFINITE,
        local_zone_rate: Rate::new(1.25e9),
        service_link_share: 0.8,
    }
}

/// A link of the scenario without any weather.
pub(crate) fn link(name: &str, capacity: Rate) -> Link {
    Link {
        name: name.to_owned(),
        capacity,
        origin: LinkOrigin::Scenario,
        time_zone: jiff::tz::TimeZone::UTC,
        profile: Vec::new(),
        windows: Vec::new(),
        failures: None,
    }
}

/// A reduction that happens once, from one second after the start to another.
pub(crate) fn window(from: u64, until: u64, factor: f64) -> LinkWindow {
    let start = WindowStart::Once(at(from));
    LinkWindow { start, length: Span::from_secs(until - from), factor }
}

/// Something that happens once, this many seconds after the start.
pub(crate) fn once(secs: u64) -> Schedule {
    schedule(Recurrence::Once { at: at(secs) })
}

/// A schedule without phase, window, and jitter.
pub(crate) fn schedule(recurrence: Recurrence) -> Schedule {
    Schedule::plain(recurrence, jiff::tz::TimeZone::UTC)
}

/// Something that happens again and again, first at the start.
pub(crate) fn every(period: Span) -> Schedule {
    schedule(Recurrence::Every { period })
}

/// A snapshot of a volume, as large as said, that starts a lineage of its own.
pub(crate) fn source(volume: u32, mib: u64) -> Source {
    let snapshot = SourceSnapshot {
        volume,
        number: 0,
        started: START,
        full: Bytes::mib(mib),
        change_clock: 0.0,
        change_rate: 0.0,
        since: None,
    };
    Source { snapshot, lineage: index_usize(volume), anew: true, key: 0 }
}

/// Volumes of these sizes, named `v0`, `v1`, …
pub(crate) fn volumes(sizes: &[Bytes]) -> Items {
    let volume = |(n, written): (usize, &Bytes)| ListedVolume {
        name: format!("v{n}"),
        written: *written,
        daily_change: None,
        shared_source: None,
        application: None,
    };
    Items::Listed(sizes.iter().enumerate().map(volume).collect())
}

/// One image with backing snapshots of these sizes.
pub(crate) fn image(name: &str, sizes: &[Bytes]) -> Image {
    let part =
        |(n, written): (usize, &Bytes)| ImageSnapshot { name: format!("s{n}"), written: *written };
    let snapshots = sizes.iter().enumerate().map(part).collect();
    Image { name: name.to_owned(), snapshots }
}

/// A client that retries every 10 s without jitter.
pub(crate) fn client(name: &str) -> Client {
    Client {
        backoff_first: Span::from_secs(10),
        backoff_factor: 1.0,
        backoff_max: Span::from_secs(10),
        jitter: Jitter::None,
        overlap: Overlap::Queue,
        on_quota_short: OnQuotaShort::Take,
        ..Client::default_of(name)
    }
}

/// A client with a queue of its own.
pub(crate) fn queue(name: &str, order: snapferry::model::QueueOrder) -> Client {
    Client { policy: ClientPolicy::Queue { order, limit: None }, ..client(name) }
}

/// A fleet of full copies without a client yet; [`add`] gives it one.
pub(crate) fn fleet(name: &str, items: Items, schedule: Schedule) -> Fleet {
    Fleet {
        name: name.to_owned(),
        account: 0,
        applications: Applications::None,
        location: HOME,
        items,
        change: Change::Everything,
        re_encrypts: false,
        growth_per_year: 0.0,
        schedule,
        makes_snapshot: false,
        copies: Vec::new(),
    }
}

/// A copy rule to a site, for the client that is added next to `model`.
pub(crate) fn rule(model: &Model, to: SiteIdx, duration: Option<Span>) -> CopyRule {
    let plain = CopyRule::plain(HOME, to, route_to(to), model.clients.len());
    CopyRule { completion_duration: duration, ..plain }
}

/// Adds a fleet with one copy rule and a client of its own.
pub(crate) fn add(model: &mut Model, fleet: Fleet, (to, duration): (SiteIdx, Option<Span>)) {
    let client = client(&fleet.name);
    add_with(model, fleet, (to, duration), client);
}

/// Adds a fleet with one copy rule and this client.
pub(crate) fn add_with(
    model: &mut Model,
    mut fleet: Fleet,
    (to, duration): (SiteIdx, Option<Span>),
    client: Client,
) {
    fleet.copies.push(rule(model, to, duration));
    model.clients.push(client);
    model.fleets.push(fleet);
}

/// One row of `copies.csv`, kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) fleet: String,
    pub(crate) volume: String,
    pub(crate) snapshot: u64,
    pub(crate) again: u32,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) time_based: bool,
    pub(crate) incremental: Option<bool>,
    pub(crate) full_because: Option<WhyFull>,
    pub(crate) outcome: Outcome,
    pub(crate) refusal: Option<ErrorCode>,
    pub(crate) attempts: u32,
    pub(crate) due: Instant,
    pub(crate) asked: Option<Instant>,
    pub(crate) accepted: Option<Instant>,
    pub(crate) began: Option<Instant>,
    pub(crate) deadline: Option<Instant>,
    pub(crate) ended: Option<Instant>,
    pub(crate) bytes: Option<Bytes>,
    pub(crate) moved: Bytes,
    pub(crate) required: Option<u64>,
    pub(crate) granted: Option<u64>,
    pub(crate) met: Option<bool>,
    pub(crate) blame: Option<snapferry::record::Blame>,
    pub(crate) on_time: Option<bool>,
    pub(crate) surcharge_nano_usd: u64,
    pub(crate) causes: [Span; Cause::ALL.len()],
}

impl Row {
    /// What a run says of a copy.
    pub(crate) fn of(row: &CopyRecord<'_>) -> Row {
        Row {
            fleet: row.fleet.to_owned(),
            volume: row.volume.to_owned(),
            snapshot: row.snapshot,
            again: row.again,
            from: row.from.to_owned(),
            to: row.to.to_owned(),
            time_based: row.time_based,
            incremental: row.incremental,
            full_because: row.full_because,
            outcome: row.outcome,
            refusal: row.refusal,
            attempts: row.attempts,
            due: row.due,
            asked: row.asked,
            accepted: row.accepted,
            began: row.transfer_began,
            deadline: row.deadline,
            ended: row.ended,
            bytes: row.bytes,
            moved: row.moved,
            required: row.required,
            granted: row.granted,
            met: row.met_duration,
            blame: row.blame,
            on_time: row.on_time,
            surcharge_nano_usd: row.surcharge_nano_usd,
            causes: row.causes,
        }
    }

    /// Time that went into a cause.
    pub(crate) fn spent(&self, cause: Cause) -> Span {
        self.causes[cause as usize]
    }

    /// Whether all its bytes landed.
    pub(crate) fn arrived(&self) -> bool {
        self.outcome == Outcome::Completed
    }

    /// Time from due to accepted.
    pub(crate) fn wait(&self) -> Span {
        self.accepted.expect("it was accepted").since(self.due)
    }

    /// The causes into which any time went, in order.
    pub(crate) fn spent_on(&self) -> Vec<(Cause, Span)> {
        let spans = Cause::ALL.into_iter().zip(self.causes);
        spans.filter(|(_, span)| *span != Span::ZERO).collect()
    }

    /// When it ended, after the start.
    pub(crate) fn end(&self) -> Span {
        self.ended.expect("it ended").since(START)
    }
}

/// One row of `images.csv`, kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ImageRow {
    pub(crate) image: String,
    pub(crate) release: u64,
    pub(crate) again: u32,
    pub(crate) to: String,
    pub(crate) outcome: Outcome,
    pub(crate) bytes: Option<Bytes>,
    pub(crate) due: Instant,
    pub(crate) ended: Option<Instant>,
    pub(crate) met: Option<bool>,
}

/// One row of `rpo.csv`, kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RpoRow {
    pub(crate) volume: String,
    pub(crate) application: Option<String>,
    pub(crate) n_points: u64,
    pub(crate) worst: Option<Span>,
    pub(crate) without: Span,
    pub(crate) past_limit: Option<Span>,
    pub(crate) split: Option<AgeSplit>,
}

/// Keeps all rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Rows {
    pub(crate) copies: Vec<Row>,
    pub(crate) images: Vec<ImageRow>,
    pub(crate) rpo: Vec<RpoRow>,
}

impl Rows {
    /// The rows of a fleet, by (volume, snapshot, destination).
    pub(crate) fn of(&self, fleet: &str) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.copies.iter().filter(|row| row.fleet == fleet).collect();
        rows.sort_by_key(|row| (row.volume.clone(), row.snapshot, row.to.clone()));
        rows
    }

    /// All copy rows by (fleet, volume, snapshot, destination): an order that no run decides.
    pub(crate) fn sorted(mut self) -> Vec<Row> {
        self.copies.sort_by_key(|row| {
            let names = (row.fleet.clone(), row.volume.clone(), row.to.clone());
            (names, row.snapshot, row.again)
        });
        self.copies
    }
}

impl Sink for Rows {
    fn copy(&mut self, row: &CopyRecord<'_>) {
        self.copies.push(Row::of(row));
    }

    fn image(&mut self, row: &ImageRecord<'_>) {
        self.images.push(ImageRow {
            image: row.image.to_owned(),
            release: row.release,
            again: row.again,
            to: row.to.to_owned(),
            outcome: row.outcome,
            bytes: row.bytes,
            due: row.due,
            ended: row.ended,
            met: row.met_duration,
        });
    }

    fn rpo(&mut self, row: &RpoRecord<'_>) {
        self.rpo.push(RpoRow {
            volume: row.volume.to_owned(),
            application: row.application.map(str::to_owned),
            n_points: row.n_points,
            worst: row.worst,
            without: row.without,
            past_limit: row.past_limit,
            split: row.split,
        });
    }
}

/// Replication 0 with all its rows, on both networks: they have to agree.
pub(crate) fn run(model: &Model) -> (Rows, RunResult) {
    run_replication(model, 0)
}

/// One replication with all its rows, on both networks: they have to agree.
pub(crate) fn run_replication(model: &Model, replication: u32) -> (Rows, RunResult) {
    let slow = run_on::<Reference>(model, replication);
    let fast = run_on::<Levels>(model, replication);
    let (one, other) = (slow.0.clone().sorted(), fast.0.sorted());
    assert_eq!(one.len(), other.len(), "rows");
    for (one, other) in one.iter().zip(&other) {
        assert_eq!((one.outcome, one.met), (other.outcome, other.met), "{one:?}\n{other:?}");
        let (ended, also) = (one.ended.unwrap_or(START), other.ended.unwrap_or(START));
        let apart = ended.since_or_zero(also) + also.since_or_zero(ended);
        let most = 1e-6 * ended.since_or_zero(one.due).secs() + 10e-9;
        assert!(apart.secs() <= most, "{one:?}\n{other:?}");
    }
    slow
}

/// One replication on one network, with all its rows.
pub(crate) fn run_on<N: Network + Default>(model: &Model, replication: u32) -> (Rows, RunResult) {
    let mut rows = Rows::default();
    let result = drive::run::<N>(model, replication, Keep { series: false }, &mut rows);
    (rows, result)
}

/// The value of a measure of a scope, by name.
pub(crate) fn measured(result: &RunResult, scope: &str, measure: &str) -> f64 {
    let is_it = |m: &&drive::Measured| result.scopes[m.scope] == scope && m.measure.name == measure;
    result.measures.iter().find(is_it).map_or_else(|| panic!("{scope} {measure}"), |m| m.value)
}

/// Whether two spans are equal but for the rounding of event instants.
pub(crate) fn close(got: Span, expected_secs: f64) -> bool {
    (got.secs() - expected_secs).abs() <= 1e-6 * expected_secs + 10e-9
}

/// A span as its column prints it: 930 s are 930, and not a bit more.
pub(crate) fn seconds(span: Span) -> f64 {
    span.to_column().parse().expect("a number")
}
