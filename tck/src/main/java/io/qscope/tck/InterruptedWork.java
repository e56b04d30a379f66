package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.store.Grace;
import io.qscope.store.Storage;
import io.qscope.store.UnitOfWork;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a process does until it is killed: lanes that each take one durable step after the other and say so after each. Every
 * third lane inserts single rows, every third units of work, every third rotates a refresh token on and on in units.
 */
final class InterruptedWork {

    /** How many steps are under way at once. */
    static final int LANES = 18;

    private static final int KINDS = 3;

    private final Round round;
    private final int[] done = new int[LANES];

    private InterruptedWork(Round round) {
        this.round = round;
    }

    /** In the process to be killed: begins, and goes on until it is. Says {@code did LANE STEP} after each step. */
    static void begin(String run, Storage storage, Consumer<String> say) {
        Round round = new Round(run, 0, storage);
        ContractGroup.await(storage.clients().insert(round.client(), round.ray("prepare")));
        ContractGroup.await(storage.authorizations().insert(round.root(), round.ray("prepare")));
        for (int lane = 0; lane < LANES; lane++) {
            if (rotates(lane)) {
                ContractGroup.await(
                        storage.refreshTokens().insert(round.refreshToken(name(lane, 0)), round.ray("prepare")));
            }
        }
        IntStream.range(0, LANES).forEach(lane -> goOn(round, lane, 1, say));
    }

    private static void goOn(Round round, int lane, int step, Consumer<String> say) {
        var unused = step(round, lane, step).whenComplete((answer, error) -> {
            say.accept(error == null ? "did " + lane + " " + step : "failed " + error);
            if (error == null) {
                goOn(round, lane, step + 1, say);
            }
        });
    }

    private static CompletableFuture<?> step(Round round, int lane, int step) {
        String what = name(lane, step);
        return switch (lane % KINDS) {
            case 0 -> round.storage().accessTokens().insert(round.accessToken(what), round.ray(what));
            case 1 ->
                round.storage()
                        .unitOfWork(round.attempt(what))
                        .insert(round.root(what))
                        .insert(familyOf(round, what))
                        .insert(round.refreshToken(what))
                        .insert(round.entry(what))
                        .commit(round.ray(what));
            default -> rotation(round, lane, step, what).commit(round.ray(what));
        };
    }

    /** From the token of the step before to this step's; with an attempt and rows that are the same each time. */
    private static UnitOfWork rotation(Round round, int lane, int step, String what) {
        String before = name(lane, step - 1);
        return round.storage()
                .unitOfWork(round.attempt(what))
                .rotate(round.digest(before), round.successor(before, what), Grace.NONE)
                .insert(round.accessToken(what))
                .insert(round.entry(what));
    }

    /** An access token of the root that the same unit inserts. */
    private static AccessToken familyOf(Round round, String what) {
        return round.accessToken(what).toBuilder()
                .authorizationId(round.id(what))
                .build();
    }

    /** In the process that survives: what the other one said that it did. */
    static InterruptedWork said(String run, Storage storage, Stream<String> lines) {
        InterruptedWork work = new InterruptedWork(new Round(run, 0, storage));
        lines.filter(line -> !line.isEmpty()).forEach(work::hear);
        return work;
    }

    private void hear(String line) {
        String[] words = line.split(" ", -1);
        // The last line may have been cut off by the kill.
        if (words.length == 3 && words[0].equals("did")) {
            int lane = Integer.parseInt(words[1]);
            done[lane] = Math.max(done[lane], Integer.parseInt(words[2]));
        } else {
            assertThat(line).doesNotStartWith("failed");
        }
    }

    /** Asserts that every step that was acknowledged is there, wholly. */
    void assertAcknowledgedStepsAreStored() {
        for (int lane = 0; lane < LANES; lane++) {
            for (int step = 1; step <= done[lane]; step++) {
                assertThat(storedRows(lane, step))
                        .as("rows of step %s of lane %s, which was acknowledged", step, lane)
                        .doesNotContain(false);
            }
        }
    }

    /** Asserts that the steps that were under way are there wholly or not at all. */
    void assertStepsUnderWayAreWholeOrAbsent() {
        for (int lane = 0; lane < LANES; lane++) {
            assertThat(storedRows(lane, done[lane] + 1).stream().distinct())
                    .as("rows of the step of lane %s that was under way: all, or none", lane)
                    .hasSize(1);
        }
    }

    /** Repeats the rotations acknowledged last and those under way: each wins, and no rival after it. */
    void assertRotationsCanBeRepeated() {
        for (int lane = 0; lane < LANES; lane++) {
            if (!rotates(lane)) {
                continue;
            }
            if (done[lane] > 0) {
                assertThat(again(lane, done[lane])).as("acknowledged before").isEqualTo("COMMITTED");
            }
            int next = done[lane] + 1;
            assertThat(again(lane, next)).as("under way").isEqualTo("COMMITTED");
            assertThat(again(lane, next)).as("under way, again").isEqualTo("COMMITTED");
            assertThat(storedRows(lane, next)).doesNotContain(false);
            CompletableFuture<?> rival =
                    rotation(round, lane, next, "rival-" + lane).commit(round.ray("rival"));
            assertThat(ContractGroup.await(Answers.of(rival))).isEqualTo("REFUSED ALREADY_ROTATED");
        }
    }

    private String again(int lane, int step) {
        return ContractGroup.await(Answers.of(step(round, lane, step)));
    }

    /** For each row of a step, whether it is there. */
    private List<Boolean> storedRows(int lane, int step) {
        Storage storage = round.storage();
        String id = round.id(name(lane, step));
        var access = storage.accessTokens().getById(id, round.ray("read"));
        if (lane % KINDS == 0) {
            return List.of(ContractGroup.await(access).isPresent());
        }
        var refresh = storage.refreshTokens().getById(id, round.ray("read"));
        var entry = storage.auditLog().getById(id, round.ray("read"));
        var root = rotates(lane) ? access : storage.authorizations().getById(id, round.ray("read"));
        return Stream.of(access, refresh, entry, root)
                .map(read -> ContractGroup.await(read).isPresent())
                .toList();
    }

    /** How many steps were acknowledged in all. */
    int steps() {
        return Arrays.stream(done).sum();
    }

    private static boolean rotates(int lane) {
        return lane % KINDS == 2;
    }

    private static String name(int lane, int step) {
        return "lane" + lane + "-" + step;
    }
}
