package io.qscope.spring;

import io.qscope.store.UnitOfWork;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The parts of a unit of work, so that it can be made anew when its answer was lost. For one thread. */
final class UnitParts {

    /** What decides whether a unit happens. */
    enum Guard {
        /** A code is redeemed. */
        CODE,
        /** A refresh token is rotated. */
        REFRESH_TOKEN,
        /** A device code is redeemed. */
        DEVICE_CODE,
        /** The user of a device decides. */
        DECISION,
        /** A state, or a pushed request, is used. */
        REQUEST
    }

    private final List<UnaryOperator<UnitOfWork>> parts = new ArrayList<>();
    private final Map<Integer, Guard> guards = new HashMap<>();
    private final Set<Guard> optional = EnumSet.noneOf(Guard.class);

    void add(UnaryOperator<UnitOfWork> part) {
        parts.add(part);
    }

    void add(Guard guard, UnaryOperator<UnitOfWork> part) {
        guards.put(parts.size(), guard);
        parts.add(part);
    }

    /** A guard that may be lost; the unit is then to be made without it. */
    void addOptional(Guard guard, UnaryOperator<UnitOfWork> part) {
        optional.add(guard);
        add(guard, part);
    }

    boolean isOptional(Guard guard) {
        return optional.contains(guard);
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    boolean hasGuards() {
        return !guards.isEmpty();
    }

    /** Which guard a part is. */
    Guard guard(int part) {
        Guard guard = guards.get(part);
        if (guard == null) {
            throw new IllegalStateException("a part refused the unit that is no guard of it: " + part);
        }
        return guard;
    }

    /** The unit with all parts, in their order. */
    UnitOfWork into(UnitOfWork unit) {
        UnitOfWork filled = unit;
        for (UnaryOperator<UnitOfWork> part : parts) {
            filled = part.apply(filled);
        }
        return filled;
    }
}
