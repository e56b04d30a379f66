package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RowOrderTest {

    private static final int CLAIMS = 400;
    private static final int ROWS = 12;
    private static final int MANY = 300_000;

    /** A claim, and whether it has its rows or was released. */
    private static final class Unit {

        private final Set<Object> written = new HashSet<>();
        private final Set<Object> reliedOn = new HashSet<>();
        private boolean ready;
        private boolean released;
        private final RowOrder.Claim claim = new RowOrder.Claim(written, reliedOn, () -> ready = true);

        boolean meets(Unit other) {
            return written.stream().anyMatch(row -> other.written.contains(row) || other.reliedOn.contains(row))
                    || reliedOn.stream().anyMatch(other.written::contains);
        }
    }

    private final Random random = new Random();

    private Unit unit() {
        Unit unit = new Unit();
        for (int i = random.nextInt(4); i >= 0; i--) {
            unit.written.add(random.nextInt(ROWS));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            unit.reliedOn.add(random.nextInt(ROWS));
        }
        unit.reliedOn.removeAll(unit.written);
        return unit;
    }

    /** Ready is exactly who meets nobody that came earlier and is not released: whatever order they are released in, waiting or not. */
    @RepeatedTest(50)
    void aUnitIsReadyWhenAllThatCameBeforeItAndHaveItsRowsAreThrough() {
        RowOrder order = new RowOrder();
        List<Unit> units = new ArrayList<>();
        List<Unit> open = new ArrayList<>();
        while (units.size() < CLAIMS || !open.isEmpty()) {
            if (units.size() < CLAIMS && (open.isEmpty() || random.nextBoolean())) {
                Unit unit = unit();
                units.add(unit);
                open.add(unit);
                order.ask(unit.claim);
            } else {
                Unit unit = open.remove(random.nextInt(open.size()));
                unit.released = true;
                order.release(unit.claim);
            }
            for (int i = 0; i < open.size(); i++) {
                Unit unit = open.get(i);
                boolean free = open.subList(0, i).stream().noneMatch(unit::meets);
                assertThat(unit.ready).isEqualTo(free);
            }
        }
        assertThat(units).allMatch(unit -> unit.released);
    }

    /** Who guesses at one login makes such a row, and all who wait for it may come to their deadlines at once: on the event loop. */
    @Test
    void whoeverGivesUpCostsNoMoreForHavingManyBeforeHim() {
        RowOrder order = new RowOrder();
        List<RowOrder.Claim> claims = new ArrayList<>();
        List<RowOrder.Claim> ready = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            RowOrder.Claim[] claim = new RowOrder.Claim[1];
            claim[0] = new RowOrder.Claim(Set.of("row"), Set.of(), () -> ready.add(claim[0]));
            claims.add(claim[0]);
            order.ask(claim[0]);
        }
        // Looking at all who wait for each that gives up takes minutes, and this well below a second.
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int i = MANY - 1; i > 1; i--) {
                order.release(claims.get(i));
            }
        });
        assertThat(ready).containsExactly(claims.get(0));
        order.release(claims.get(0));
        assertThat(ready).containsExactly(claims.get(0), claims.get(1));
    }
}
