package io.qscope.app.demo;

import io.qscope.app.CommandFailure;
import io.qscope.app.Console;
import io.qscope.app.demo.Step.Unexpected;
import io.qscope.key.KeyRing;
import io.qscope.store.Storage;
import io.qscope.store.StorageException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/** Plays the flows through the services, one step after the other, each of which checks its own result. */
public final class Demo implements AutoCloseable {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Console console;
    private final Stage stage;
    private final List<Step> steps;

    private Demo(Console console, Stage stage, List<Step> steps) {
        this.console = console;
        this.stage = stage;
        this.steps = steps;
    }

    /** A demo with a client and users of its own; nothing is stored before {@link #play}. */
    public static Demo on(Storage storage, KeyRing keys, InstantSource clock, Console console) {
        Stage stage = new Stage(storage, keys, clock);
        ClientSteps clients = new ClientSteps(stage);
        CodeSteps codes = new CodeSteps(stage);
        RefreshSteps refreshTokens = new RefreshSteps(stage);
        DeviceSteps devices = new DeviceSteps(stage);
        RevocationSteps revocations = new RevocationSteps(stage);
        RaceSteps races = new RaceSteps(stage);
        HousekeepingSteps housekeeping = new HousekeepingSteps(stage);
        Step replay = Step.of("Replay the code", codes::replay);
        return new Demo(
                console,
                stage,
                List.of(
                        Step.of("Register a client", clients::register),
                        Step.of("Issue an authorization code", codes::issue),
                        Step.of("Redeem the code", codes::redeem),
                        replay,
                        Step.of("Rotate a refresh token", refreshTokens::rotate),
                        Step.of("Replay the rotated refresh token", refreshTokens::replay),
                        Step.of("Approve a device while it polls", devices::approve),
                        Step.of("Revoke an access token", revocations::revokeToken),
                        Step.of("Revoke all that a user granted", revocations::revokeUser),
                        Step.of("Keep to a limit of tokens", revocations::limit),
                        Step.of("Race for one code", races::race),
                        Step.of("Read the audit trail", report -> housekeeping.trail(report, replay.rayId())),
                        Step.of("Purge what has expired", housekeeping::purge)));
    }

    /**
     * Plays all steps.
     *
     * @throws CommandFailure naming the step at which the storage failed, or did not do what its contract says; the steps
     *     after it are not played
     */
    public void play() {
        for (int i = 0; i < steps.size(); i++) {
            play(i + 1, steps.get(i));
        }
    }

    /** How many steps there are. */
    public int size() {
        return steps.size();
    }

    /** Ends the services; the storage stays open. */
    @Override
    public void close() {
        stage.close();
    }

    private void play(int number, Step step) {
        console.line("%n%2d  %s".formatted(number, console.bold(step.title())));
        long start = System.nanoTime();
        try {
            step.story().accept(new StepReport(console, step.rayId()));
        } catch (Unexpected | StorageException failed) {
            console.line("    " + console.red("FAILED") + " " + footer(step, start));
            throw new CommandFailure(
                    "step " + number + " (" + step.title() + ") failed: " + failed.getMessage(), failed);
        }
        console.line("    " + console.faint(footer(step, start)));
    }

    private static String footer(Step step, long start) {
        double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        return "ray %s, %s ms".formatted(step.rayId(), String.format(Locale.ROOT, "%.1f", millis));
    }
}
