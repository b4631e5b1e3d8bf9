//! Arguments in, exit code out.

fn main() -> std::process::ExitCode {
    snapferry::cli::main(std::env::args_os())
}
