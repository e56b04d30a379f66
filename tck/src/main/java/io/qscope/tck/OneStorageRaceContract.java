package io.qscope.tck;

import java.util.List;
import java.util.stream.IntStream;

/** All callers share one storage. */
abstract class OneStorageRaceContract extends RaceContract {

    private static final List<Integer> ALL =
            IntStream.range(0, Race.CALLERS).boxed().toList();

    OneStorageRaceContract(StorageContract kit) {
        super(kit);
    }

    @Override
    final void needs() {}

    @Override
    final List<String> play(Race race, Round round) {
        return answers(race, ALL, List.of(round));
    }
}
