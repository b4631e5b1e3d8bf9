//! The generator of the benches' workloads gives what the published figures were measured with.

use generator::{C20, DL110, OVER, w1, w2, w4};
use snapferry::drive::flows::FlowCase;

#[expect(dead_code, reason = "the benches use the rest")]
#[path = "../../benches/workloads/generator.rs"]
pub(crate) mod generator;

/// The flows `(place, arrival in s, bytes, path)` are there, to the nanosecond and the byte.
fn assert_flows(case: &FlowCase, expected: &[(usize, f64, u64, &[usize])]) {
    for &(place, arrival_s, bytes, path) in expected {
        let flow = &case.flows[place];
        assert!((flow.arrives.secs() - arrival_s).abs() < 1e-9, "{place}: {flow:?}");
        assert_eq!((flow.bytes.get(), flow.path.as_slice()), (bytes, path), "{place}");
    }
}

/// The expected flows were printed by the Python program that made the workloads for `SimGrid`.
#[test]
fn flows_equal_those_of_the_python_generator() {
    assert_flows(
        &w1(10_000),
        &[
            (0, 1.769_812_674_121_037_6, 64_870_129, &[0]),
            (1, 3.356_608_133_295_298, 2_132_037_020, &[0]),
            (2, 3.462_954_464_976_297_8, 2_499_483_416, &[0]),
            (9_999, 11_019.346_190_349_406, 1_874_640_905, &[0]),
        ],
    );
    let c20 = w2(10_000, &C20);
    assert_eq!(c20.links[61..64].iter().map(|rate| rate.get()).collect::<Vec<_>>(), LINKS);
    assert_flows(
        &c20,
        &[
            (0, 0.0, 4_485_759_399, &[15, 509, 44]),
            (1, 0.001, 9_606_817_304, &[11, 400, 52]),
            (600, 0.734_023_629_370_212_9, 23_226_863_072, &[27, 859, 46]),
            (9_999, 319.799_109_229_360_3, 109_317_562_380, &[8, 307, 46]),
        ],
    );
    assert_flows(
        &w2(10_000, &OVER),
        &[
            (0, 0.003_573_508_423_066_715_3, 1_668_701_477, &[0, 84, 55]),
            (1, 0.007_828_564_574_850_212, 1_566_330_722, &[13, 454, 48]),
            (9_999, 118.882_098_067_800_27, 5_096_778_439, &[8, 292, 30]),
        ],
    );
    let dl110 = w4(1_000, &DL110);
    assert!((dl110.flows[0].cap.get() - 59_800_430.202_222_22).abs() < 1e-6);
    assert_flows(
        &dl110,
        &[
            (0, 0.700_714_546_542_977_6, 107_640_774_364, &[6, 245, 42]),
            (999, 1_372.128_216_776_219_5, 417_561_679_187, &[16, 525, 31]),
        ],
    );
}

/// Links from site 0 to sites 2, 3, and 4.
const LINKS: [f64; 3] = [1.25e9, 5e9, 5e9];
