//! File systems that lack something: the kernel answers system calls of one thread, and of those that it
//! starts, with errors.

use std::collections::BTreeMap;
use std::thread;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter,
};

/// A system call that fails, and how.
#[derive(Debug, Clone, Copy)]
pub enum Lack {
    /// `renameat2` with a flag, such as "leave alone what is there".
    RenameNoReplace(i32),
    /// Hard links.
    Links(i32),
    Locks(i32),
    /// `fsync` of anything.
    Sync(i32),
    /// Opening a folder to give it to `fsync`.
    OpenFolder(i32),
    /// Modes and owners.
    Access(i32),
    SymbolicLinks(i32),
    /// Room for what is written between two offsets.
    Room(u64, u64),
}

/// What is known of exFAT, FUSE and SMB, one at a time and all together.
pub const LACKS: [&[Lack]; 10] = [
    &[Lack::RenameNoReplace(libc::EINVAL)],
    &[Lack::Links(libc::EPERM)],
    &[
        Lack::RenameNoReplace(libc::EINVAL),
        Lack::Links(libc::EPERM),
    ],
    &[
        Lack::RenameNoReplace(libc::ENOSYS),
        Lack::Links(libc::EOPNOTSUPP),
    ],
    &[Lack::Locks(libc::ENOLCK)],
    &[Lack::Locks(libc::ENOSYS)],
    &[Lack::Locks(libc::EOPNOTSUPP)],
    &[Lack::Sync(libc::EINVAL)],
    &[Lack::OpenFolder(libc::EACCES)],
    &[
        Lack::RenameNoReplace(libc::EINVAL),
        Lack::Links(libc::EPERM),
        Lack::Locks(libc::ENOLCK),
        Lack::Sync(libc::EINVAL),
        Lack::Access(libc::EPERM),
    ],
];

impl Lack {
    fn filter(self) -> (Vec<(i64, Vec<SeccompRule>)>, i32) {
        let argument = |index, value| {
            let (size, equal) = (SeccompCmpArgLen::Dword, SeccompCmpOp::Eq);
            let condition = SeccompCondition::new(index, size, equal, value).unwrap();
            SeccompRule::new(vec![condition]).unwrap()
        };
        let all = |calls: &[i64]| calls.iter().map(|call| (*call, Vec::new())).collect();
        match self {
            Self::RenameNoReplace(error) => {
                let flag = u64::from(libc::RENAME_NOREPLACE);
                (vec![(libc::SYS_renameat2, vec![argument(4, flag)])], error)
            }
            #[cfg(target_arch = "x86_64")]
            Self::Links(error) => (all(&[libc::SYS_linkat, libc::SYS_link]), error),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Links(error) => (all(&[libc::SYS_linkat]), error),
            Self::Locks(error) => (all(&[libc::SYS_flock]), error),
            Self::Sync(error) => (all(&[libc::SYS_fsync, libc::SYS_fdatasync]), error),
            Self::OpenFolder(error) => {
                let flags = (libc::O_RDONLY | libc::O_CLOEXEC) as u64;
                (vec![(libc::SYS_openat, vec![argument(2, flags)])], error)
            }
            #[cfg(target_arch = "x86_64")]
            Self::SymbolicLinks(error) => (all(&[libc::SYS_symlink, libc::SYS_symlinkat]), error),
            #[cfg(not(target_arch = "x86_64"))]
            Self::SymbolicLinks(error) => (all(&[libc::SYS_symlinkat]), error),
            Self::Room(from, to) => {
                let condition = |how, offset| {
                    SeccompCondition::new(3, SeccompCmpArgLen::Qword, how, offset).unwrap()
                };
                let between = vec![
                    condition(SeccompCmpOp::Ge, from),
                    condition(SeccompCmpOp::Lt, to),
                ];
                let rule = SeccompRule::new(between).unwrap();
                (vec![(libc::SYS_pwrite64, vec![rule])], libc::ENOSPC)
            }
            Self::Access(error) => (
                all(&[
                    libc::SYS_fchmod,
                    libc::SYS_fchmodat,
                    libc::SYS_fchown,
                    libc::SYS_fchownat,
                ]),
                error,
            ),
        }
    }
}

/// Runs `work` as a user who is not root, who may do everything.
pub fn as_anybody<T: Send>(work: impl Future<Output = T> + Send) -> T {
    let nobody = rustix::thread::Uid::from_raw(65_534);
    on_thread(
        || {
            if rustix::process::geteuid().is_root() {
                rustix::thread::set_thread_res_uid(nobody, nobody, nobody).unwrap();
            }
        },
        work,
    )
}

/// Runs `work` where the file system lacks what is told.
pub fn on_file_system<T: Send>(lacks: &[Lack], work: impl Future<Output = T> + Send) -> T {
    let prepare = || {
        for lack in lacks {
            let (rules, error) = lack.filter();
            let filter = SeccompFilter::new(
                BTreeMap::from_iter(rules),
                SeccompAction::Allow,
                SeccompAction::Errno(error.unsigned_abs()),
                std::env::consts::ARCH.try_into().unwrap(),
            );
            let program: BpfProgram = filter.unwrap().try_into().unwrap();
            apply_filter(&program).unwrap();
        }
    };
    on_thread(prepare, work)
}

fn on_thread<T: Send>(prepare: impl FnOnce() + Send, work: impl Future<Output = T> + Send) -> T {
    let work = || {
        prepare();
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(work)
    };
    thread::scope(|scope| scope.spawn(work).join().unwrap())
}
