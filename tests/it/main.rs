//! The one integration binary.

<<<<<<< HEAD
mod oracle;
mod scenario_files;
mod support;
=======
mod support;

mod oracle;
>>>>>>> veri
mod theory;
mod vectors;
mod walks;
mod workloads;
