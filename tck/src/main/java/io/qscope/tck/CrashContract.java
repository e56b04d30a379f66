package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.store.Guarantee;
import io.qscope.store.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Processes are killed in the middle of their work, on one location, one after the other; every second time, where the
 * engine allows it, while this process has the storage open.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CrashContract extends ContractGroup {

    private static final int MOST_KILLS = 6;

    private final List<List<String>> said = new ArrayList<>();
    private final List<String> runs = new ArrayList<>();
    private String location = "";

    CrashContract(StorageContract kit) {
        super(kit);
    }

    @BeforeEach
    final void killOnce() {
        claims(Guarantee.DURABLE_BEYOND_PROCESS);
        claims(Guarantee.UNIT_OF_WORK);
        if (said.isEmpty()) {
            location = emptyLocation();
            for (int kill = 0; kill < kills(); kill++) {
                said.add(killInTheMiddle(kill));
            }
        }
    }

    @Test
    void acknowledgedWritesSurviveTheKilledProcess() {
        reopened(InterruptedWork::assertAcknowledgedStepsAreStored);
    }

    @Test
    void unitsOfTheKilledProcessAreWholeOrAbsent() {
        reopened(InterruptedWork::assertStepsUnderWayAreWholeOrAbsent);
    }

    @Test
    void rotationsOfTheKilledProcessAreRepeatedWithTheirAttempt() {
        reopened(InterruptedWork::assertRotationsCanBeRepeated);
    }

    private int kills() {
        return Math.min(MOST_KILLS, kit().rounds());
    }

    private List<String> killInTheMiddle(int kill) {
        boolean shared = kill % 2 != 0 && storage().guarantees().keeps(Guarantee.SHARED_BY_PROCESSES);
        Storage open = shared ? kit().open(location) : null;
        String run = Round.newRun(random());
        runs.add(run);
        try (OtherProcess process = OtherProcess.start(kit(), location)) {
            process.say("work " + run);
            int steps = 20 + random().nextInt(400);
            List<String> lines = new ArrayList<>();
            for (int step = 0; step < steps; step++) {
                lines.add("did " + process.hears("did"));
            }
            lines.addAll(process.kill());
            return lines;
        } finally {
            if (open != null) {
                open.close();
            }
        }
    }

    private void reopened(Consumer<InterruptedWork> assertion) {
        Storage storage = closedAfterTest(kit().open(location));
        for (int kill = 0; kill < kills(); kill++) {
            InterruptedWork work = InterruptedWork.said(runs.get(kill), storage, said.get(kill).stream());
            assertThat(work.steps()).isPositive();
            assertion.accept(work);
        }
    }
}
