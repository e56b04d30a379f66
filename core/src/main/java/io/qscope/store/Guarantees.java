package io.qscope.store;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an engine keeps of {@link Guarantee}, and why it does not keep the rest; of some, what they rest on, such as a server's
 * settings. Immutable.
 */
public final class Guarantees {

    private final Map<Guarantee, String> missing;
    private final Map<Guarantee, String> bases;

    private Guarantees(Map<Guarantee, String> missing, Map<Guarantee, String> bases) {
        this.missing = missing;
        this.bases = bases;
    }

    /** Every guarantee; take away with {@link #without}. */
    public static Guarantees all() {
        return new Guarantees(Map.of(), Map.of());
    }

    /**
     * These, less one.
     *
     * @param reason why the engine does not keep it, in words for its user
     */
    public Guarantees without(Guarantee guarantee, String reason) {
        Map<Guarantee, String> fewer = new EnumMap<>(Guarantee.class);
        fewer.putAll(bases);
        fewer.remove(guarantee);
        return new Guarantees(with(missing, guarantee, reason), fewer);
    }

    /**
     * These, with what one of them rests on. One that is not kept stays so.
     *
     * @param basis what it rests on and may change with, in words for the engine's user
     */
    public Guarantees restingOn(Guarantee guarantee, String basis) {
        return keeps(guarantee) ? new Guarantees(missing, with(bases, guarantee, basis)) : this;
    }

    private static Map<Guarantee, String> with(Map<Guarantee, String> texts, Guarantee guarantee, String text) {
        Map<Guarantee, String> more = new EnumMap<>(Guarantee.class);
        more.putAll(texts);
        more.put(guarantee, text);
        return more;
    }

    /** Whether the engine keeps it. */
    public boolean keeps(Guarantee guarantee) {
        return !missing.containsKey(guarantee);
    }

    /** Why the engine does not keep it; empty when it does. */
    public Optional<String> reasonAgainst(Guarantee guarantee) {
        return Optional.ofNullable(missing.get(guarantee));
    }

    /** What it rests on; empty when it rests on nothing that may change, and when it is not kept. */
    public Optional<String> basis(Guarantee guarantee) {
        return Optional.ofNullable(bases.get(guarantee));
    }

    /** The guarantees not kept. */
    @Override
    public String toString() {
        return missing.isEmpty() ? "all guarantees" : "all guarantees but " + missing;
    }
}
