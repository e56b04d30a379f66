package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import io.qscope.store.Guarantee;
import io.qscope.store.Guarantees;
import io.qscope.store.Storage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** What the kit's reports say: what was skipped and why, and how a failure is repeated. */
class KitReportTest {

    @Test
    void aGuaranteeThatIsNotClaimedShowsAsSkippedWithItsReason() {
        Events tests = run(WithoutUnits.class, StorageContract.UnitsOfWork.class);

        assertThat(tests.aborted().count())
                .isPositive()
                .isEqualTo(tests.started().count());
        assertThat(thrownBy(tests.aborted()))
                .allSatisfy(reason ->
                        assertThat(reason).hasMessage("not claimed: UNIT_OF_WORK: this engine writes row by row"));
    }

    @Test
    void whatIsClaimedIsTestedBesideWhatIsNot() {
        Events tests = run(WithoutUnits.class, StorageContract.AuthorizationCodes.class);

        assertThat(tests.succeeded().count())
                .isPositive()
                .isEqualTo(tests.started().count());
    }

    @Test
    void aFailureNamesTheSeedThatRepeatsIt() {
        Events tests = run(Closed.class, StorageContract.AuthorizationCodes.class);

        assertThat(tests.succeeded().count()).isZero();
        assertThat(thrownBy(tests.failed()))
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(
                                Arrays.stream(failure.getSuppressed()).map(Throwable::getMessage))
                        .anyMatch(message -> message.matches("repeat with -Dqscope\\.tck\\.seed=-?\\d+")));
    }

    private static Events run(Class<?> engine, Class<?> group) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectNestedClass(List.of(engine), group))
                .execute()
                .testEvents();
    }

    private static List<Throwable> thrownBy(Events events) {
        return events.stream()
                .flatMap(event -> event.getPayload(TestExecutionResult.class).stream())
                .flatMap(result -> result.getThrowable().stream())
                .toList();
    }

    /** An engine that does not claim units of work. */
    static class WithoutUnits extends StorageContract {

        @Override
        protected String newLocation() {
            return "memory:" + UUID.randomUUID();
        }

        @Override
        protected Storage open(String location) {
            Storage engine = Storage.open(location);
            Guarantees less = engine.guarantees().without(Guarantee.UNIT_OF_WORK, "this engine writes row by row");
            return (Storage) Proxy.newProxyInstance(
                    Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("guarantees")) {
                            return less;
                        }
                        try {
                            return method.invoke(engine, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getTargetException();
                        }
                    });
        }
    }

    /** An engine that fails whatever it is asked. */
    static class Closed extends StorageContract {

        @Override
        protected String newLocation() {
            return "memory:" + UUID.randomUUID();
        }

        @Override
        protected Storage open(String location) {
            Storage storage = Storage.open(location);
            storage.close();
            return storage;
        }
    }
}
