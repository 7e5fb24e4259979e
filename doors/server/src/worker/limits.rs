//! What the child gives up before it touches a stranger's bytes.

/// Most memory, bytes of address space: a RAW photograph of 100 megapixels is read within it.
const MEMORY_BYTES: u64 = 8 << 30;
/// Most computing, s on all cores together: half a day of sliders; a single answer is timed by the parent.
const COMPUTING_S: u64 = 4 * 3600;

/// Caps memory and time; forbids files, network and other programs.
///
/// Threads must be there already, because the pool asks the system how many cores there are.
///
/// # Errors
/// A system that cannot do it.
pub(super) fn give_up() -> std::io::Result<()> {
    use rlimit::{Resource, setrlimit};
    setrlimit(Resource::AS, MEMORY_BYTES, MEMORY_BYTES)?;
    setrlimit(Resource::CPU, COMPUTING_S, COMPUTING_S)?;
    setrlimit(Resource::FSIZE, 0, 0)?;
    setrlimit(Resource::CORE, 0, 0)?;
    forbid()
}

/// The system calls that are refused: whatever opens a file, a connection or a program.
#[cfg(target_os = "linux")]
fn forbid() -> std::io::Result<()> {
    use seccompiler::{SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompRule};
    let refused = [
        libc::SYS_openat,
        libc::SYS_openat2,
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_ptrace,
        libc::SYS_kill,
        libc::SYS_tgkill,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_open_by_handle_at,
        libc::SYS_io_uring_setup,
        libc::SYS_unlinkat,
        libc::SYS_renameat,
        libc::SYS_renameat2,
        libc::SYS_linkat,
        libc::SYS_symlinkat,
        libc::SYS_mkdirat,
        libc::SYS_fchmodat,
        libc::SYS_fchownat,
        libc::SYS_truncate,
        libc::SYS_mount,
        libc::SYS_tkill,
        libc::SYS_rt_sigqueueinfo,
        libc::SYS_pidfd_open,
        libc::SYS_pidfd_send_signal,
    ];
    #[cfg(target_arch = "x86_64")]
    let older = [
        libc::SYS_open,
        libc::SYS_creat,
        libc::SYS_unlink,
        libc::SYS_rename,
        libc::SYS_link,
        libc::SYS_symlink,
        libc::SYS_mkdir,
        libc::SYS_rmdir,
        libc::SYS_chmod,
        libc::SYS_chown,
        libc::SYS_fork,
        libc::SYS_vfork,
    ];
    #[cfg(not(target_arch = "x86_64"))]
    let older = [];
    let all = refused.into_iter().chain(older).map(|call| (call, Vec::new()));
    // Threads are made with `clone` that says so; `clone3` says it where no filter sees it, and libraries do without.
    let no_thread = SeccompCondition::new(
        0,
        SeccompCmpArgLen::Qword,
        SeccompCmpOp::MaskedEq(libc::CLONE_THREAD.unsigned_abs().into()),
        0,
    );
    let no_thread = SeccompRule::new(vec![no_thread.map_err(other)?]).map_err(other)?;
    apply(all.chain([(libc::SYS_clone, vec![no_thread])]).collect(), libc::EACCES)?;
    apply([(libc::SYS_clone3, Vec::new())].into(), libc::ENOSYS)
}

/// Refuses system calls with an error.
#[cfg(target_os = "linux")]
fn apply(
    rules: std::collections::BTreeMap<i64, Vec<seccompiler::SeccompRule>>,
    error: i32,
) -> std::io::Result<()> {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
    let arch: TargetArch = std::env::consts::ARCH.try_into().map_err(other)?;
    let refuse = SeccompAction::Errno(error.unsigned_abs());
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch).map_err(other)?;
    let program: BpfProgram = filter.try_into().map_err(other)?;
    seccompiler::apply_filter_all_threads(&program).map_err(other)
}

#[cfg(target_os = "linux")]
fn other(error: impl std::fmt::Display) -> std::io::Error {
    std::io::Error::other(error.to_string())
}

/// Other systems cap memory and time only.
#[cfg(not(target_os = "linux"))]
fn forbid() -> std::io::Result<()> {
    Ok(())
}
