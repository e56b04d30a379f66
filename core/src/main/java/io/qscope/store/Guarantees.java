package io.qscope.store;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What an engine keeps of {@link Guarantee}, and why it does not keep the rest. Immutable. */
public final class Guarantees {

    private final Map<Guarantee, String> missing;

    private Guarantees(Map<Guarantee, String> missing) {
        this.missing = missing;
    }

    /** Every guarantee; take away with {@link #without}. */
    public static Guarantees all() {
        return new Guarantees(Map.of());
    }

    /**
     * These, less one.
     *
     * @param reason why the engine does not keep it, in words for its user
     */
    public Guarantees without(Guarantee guarantee, String reason) {
        Map<Guarantee, String> more = new EnumMap<>(Guarantee.class);
        more.putAll(missing);
        more.put(guarantee, reason);
        return new Guarantees(more);
    }

    /** Whether the engine keeps it. */
    public boolean keeps(Guarantee guarantee) {
        return !missing.containsKey(guarantee);
    }

    /** Why the engine does not keep it; empty when it does. */
    public Optional<String> reasonAgainst(Guarantee guarantee) {
        return Optional.ofNullable(missing.get(guarantee));
    }

    /** The guarantees not kept. */
    @Override
    public String toString() {
        return missing.isEmpty() ? "all guarantees" : "all guarantees but " + missing;
    }
}
