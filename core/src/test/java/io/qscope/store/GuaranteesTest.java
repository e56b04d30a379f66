package io.qscope.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What an engine keeps, what it does not, and what the one and the other rest on. */
class GuaranteesTest {

    @Test
    void whatIsKeptMayRestOnSomething() {
        Guarantees guarantees = Guarantees.all().restingOn(Guarantee.DURABLE_BEYOND_POWER, "fsync=on");

        assertThat(guarantees.keeps(Guarantee.DURABLE_BEYOND_POWER)).isTrue();
        assertThat(guarantees.basis(Guarantee.DURABLE_BEYOND_POWER)).hasValue("fsync=on");
        assertThat(guarantees.basis(Guarantee.FOREIGN_KEYS)).isEmpty();
    }

    @Test
    void whatIsNotKeptRestsOnNothing() {
        Guarantees guarantees = Guarantees.all()
                .restingOn(Guarantee.DURABLE_BEYOND_POWER, "fsync=on")
                .without(Guarantee.DURABLE_BEYOND_POWER, "fsync=off")
                .restingOn(Guarantee.DURABLE_BEYOND_POWER, "fsync=on");

        assertThat(guarantees.keeps(Guarantee.DURABLE_BEYOND_POWER)).isFalse();
        assertThat(guarantees.reasonAgainst(Guarantee.DURABLE_BEYOND_POWER)).hasValue("fsync=off");
        assertThat(guarantees.basis(Guarantee.DURABLE_BEYOND_POWER)).isEmpty();
    }
}
