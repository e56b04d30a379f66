package io.qscope.store;

/** What an engine may promise beyond the contract's core. The test kit tests what is claimed and shows the rest as skipped. */
public enum Guarantee {
    /** A missing client or root is refused, and deleting a client deletes what descends from it. */
    FOREIGN_KEYS,
    /** Units of work are all or nothing, in any interleaving. */
    UNIT_OF_WORK,
    /** Two storages opened on one location in this process are the same data. */
    SHARED_BY_STORAGES,
    /** Storages in several processes on one location are the same data, and races between them have one winner. */
    SHARED_BY_PROCESSES,
    /** What was acknowledged survives the sudden end of the process. */
    DURABLE_BEYOND_PROCESS,
    /** What was acknowledged survives the sudden end of the machine. */
    DURABLE_BEYOND_POWER,
    /** What was acknowledged survives the loss of one node. */
    DURABLE_BEYOND_NODE,
    /** The engine itself refuses to change or delete an entry of the audit log, whoever asks. */
    AUDIT_LOG_SEALED,
    /** A storage that was opened with keys chains the entries of its audit log, so that tampering shows. */
    AUDIT_LOG_CHAINED
}
