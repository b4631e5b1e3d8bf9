//! Gamma and beta draws by rejection.
//!
//! Source: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM Transactions
//! on Mathematical Software 26 (2000). Logarithms are drawn, since a gamma number of small shape
//! may lie below the least `f64`.

use rand_pcg::Pcg64Mcg;

use super::{normal, open_unit};

/// The natural logarithm of a gamma number of this shape and scale 1.
pub(super) fn log_gamma_draw(stream: &mut Pcg64Mcg, shape: f64) -> f64 {
    if 1.0 <= shape {
        return log_of_large_shape(stream, shape);
    }
    // Γ(a) is Γ(a + 1) times a uniform number to the power 1/a.
    let boost = libm::log(open_unit(stream)) / shape;
    log_of_large_shape(stream, shape + 1.0) + boost
}

/// The same for a shape of at least 1; names as in the paper, with x normal and v its cubed shift.
fn log_of_large_shape(stream: &mut Pcg64Mcg, shape: f64) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    // A round succeeds with more than 95 %: a thousand failures never happen.
    for _round in 0..1000 {
        let x = normal::quantile(open_unit(stream));
        let acceptance = libm::log(open_unit(stream));
        let shifted = 1.0 + c * x;
        if shifted <= 0.0 {
            continue;
        }
        let log_v = 3.0 * libm::log(shifted);
        let v = shifted * shifted * shifted;
        if acceptance < 0.5 * x * x + d * (1.0 - v + log_v) {
            return libm::log(d) + log_v;
        }
    }
    unreachable!("a gamma draw of shape {shape} was refused 1000 times")
}

/// A beta number: X / (X + Y) of two gamma numbers.
pub(super) fn beta_draw(stream: &mut Pcg64Mcg, alpha: f64, beta: f64) -> f64 {
    let log_x = log_gamma_draw(stream, alpha);
    let log_y = log_gamma_draw(stream, beta);
    let larger = log_x.max(log_y);
    let (x, y) = (libm::exp(log_x - larger), libm::exp(log_y - larger));
    x / (x + y)
}
