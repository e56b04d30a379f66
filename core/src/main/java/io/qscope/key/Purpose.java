package io.qscope.key;

/** What a key is used for. Each purpose has a key of its own, derived from the ring's. */
public enum Purpose {
    /** Digests of codes and tokens, for whoever wants them keyed. */
    TOKENS("tokens"),
    /** Digests of what people type: too short to be safe without a key. */
    USER_CODES("user codes"),
    /** Digests of what a throttle counts by: an address, an account. */
    THROTTLES("throttles"),
    /** Stand-ins for people's names in the audit log. */
    PEOPLE("people"),
    /** The hashes of the audit log, and its checkpoints. */
    AUDIT("audit"),
    /** The keys of what is kept sealed: see {@link Sealer}. */
    SEALING("sealing");

    private final String label;

    Purpose(String label) {
        this.label = label;
    }

    /** What the derivation is told: it never changes, or nothing made before could be read. */
    String label() {
        return label;
    }
}
