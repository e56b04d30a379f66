package io.qscope.tck;

import io.qscope.store.Guarantee;
import io.qscope.store.Storage;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Every other caller has another storage on the same data. */
abstract class TwoStorageRaceContract extends RaceContract {

    private static final List<Integer> ALL =
            IntStream.range(0, Race.CALLERS).boxed().toList();

    private @Nullable Storage sibling;

    TwoStorageRaceContract(StorageContract kit) {
        super(kit);
    }

    @Override
    final void needs() {
        claims(Guarantee.SHARED_BY_STORAGES);
    }

    @Override
    final List<String> play(Race race, Round round) {
        if (sibling == null) {
            sibling = sibling();
        }
        return answers(race, ALL, List.of(round, new Round(round.run(), round.number(), sibling)));
    }

    @AfterEach
    final void forgetSibling() {
        // Closed after the test, as all that a test opens.
        sibling = null;
    }
}
