package io.qscope.tck;

import io.qscope.store.Guarantee;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/** Every other caller lives in another process. One process serves all tests of the class. */
abstract class TwoProcessRaceContract extends RaceContract {

    private static final List<Integer> OURS = everyOther(0);
    private static final List<Integer> THEIRS = everyOther(1);

    private @Nullable OtherProcess other;

    TwoProcessRaceContract(StorageContract kit) {
        super(kit);
    }

    static List<Integer> everyOther(int first) {
        return IntStream.range(0, Race.CALLERS)
                .filter(caller -> caller % 2 == first)
                .boxed()
                .toList();
    }

    @Override
    final void needs() {
        claims(Guarantee.SHARED_BY_PROCESSES);
    }

    @Override
    final List<String> play(Race race, Round round) {
        OtherProcess process = otherProcess();
        process.say("race " + race.getClass().getName() + " " + round.run() + " " + round.number());
        if (round.number() % 2 == 0) {
            // Otherwise this process, which need not wait for a line, would be the first in every round.
            process.hears("started");
        }
        List<String> ours = answers(race, OURS, List.of(round));
        if (round.number() % 2 != 0) {
            process.hears("started");
        }
        List<String> all = new ArrayList<>(Collections.nCopies(Race.CALLERS, ""));
        for (int i = 0; i < OURS.size(); i++) {
            all.set(OURS.get(i), ours.get(i));
            all.set(THEIRS.get(i), process.hears("answer"));
        }
        return all;
    }

    private OtherProcess otherProcess() {
        if (other == null) {
            other = OtherProcess.start(kit(), kit().location());
        }
        return other;
    }

    @AfterAll
    final void endOtherProcess() {
        if (other != null) {
            other.close();
        }
    }
}
