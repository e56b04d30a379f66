package io.qscope.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import io.qscope.store.Storage;
import io.qscope.tck.StorageContract;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * The kit's tests with two processes can fail: each catches an engine that breaks its promise. The memory engine, on which
 * the kit is otherwise sabotaged, skips them.
 */
@Tag("long")
@Timeout(300)
class SabotagedStorageTest {

    @Test
    void theRaceOfTwoProcessesCatchesALockOfOneProcess() {
        assertCaught(LockOfOneProcess.class, "RacesOfTwoProcesses", "codeIsConsumedOnce", "callers told CONSUMED");
    }

    @Test
    void theRaceOfTwoProcessesCatchesACounterOfOneProcess() {
        assertCaught(CounterOfOneProcess.class, "RacesOfTwoProcesses", "countsAreEachToldOnce", "counts, of");
    }

    @Test
    void theCrashCatchesAnEarlyAcknowledgement() {
        assertCaught(
                EarlyAcknowledgement.class,
                "Crash",
                "acknowledgedWritesSurviveTheKilledProcess",
                "which was acknowledged");
    }

    @Test
    void theCrashCatchesUnitsCommittedPartByPart() {
        assertCaught(PartByPart.class, "Crash", "unitsOfTheKilledProcessAreWholeOrAbsent", "all, or none");
    }

    /** By that test alone, and for the reason that it says. */
    private static void assertCaught(Class<?> engine, String group, String test, String reason) {
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectNestedMethod(
                        List.of(engine.getName()), StorageContract.class.getName() + "$" + group, test))
                .execute()
                .testEvents();

        assertThat(tests.started().count()).isEqualTo(1);
        assertThat(tests.failed().stream()
                        .flatMap(event -> event.getPayload(TestExecutionResult.class).stream())
                        .flatMap(result -> result.getThrowable().stream()))
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure).isInstanceOf(AssertionError.class).hasMessageContaining(reason));
    }

    /** The SQLite engine with a broken promise, as a third party would hand it to the kit. */
    abstract static class Sabotaged extends StorageContract {

        @TempDir
        static Path folder;

        @Override
        protected final String newLocation() {
            return "sqlite:" + folder.resolve(UUID.randomUUID() + ".db");
        }

        @Override
        protected final int rounds() {
            return 4;
        }
    }

    static class LockOfOneProcess extends Sabotaged {
        @Override
        protected Storage open(String location) {
            return SabotagedStorage.consumingUnderALockOfThisJvm(Storage.open(location));
        }
    }

    static class CounterOfOneProcess extends Sabotaged {
        @Override
        protected Storage open(String location) {
            return SabotagedStorage.countingForThisJvm(Storage.open(location));
        }
    }

    static class EarlyAcknowledgement extends Sabotaged {
        @Override
        protected Storage open(String location) {
            return SabotagedStorage.acknowledgingBeforeTheCommit(Storage.open(location));
        }
    }

    static class PartByPart extends Sabotaged {
        @Override
        protected Storage open(String location) {
            return SabotagedStorage.committingPartByPart(Storage.open(location));
        }
    }
}
