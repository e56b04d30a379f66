package io.qscope.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the command line may change.
 *
 * @param rounds how often each side runs, in turn
 * @param seconds how long each side runs in a round
 * @param inFlight calls that qscope is kept busy with
 * @param rows access tokens in each file before the first round
 * @param readers threads that read, on both sides
 * @param walAutocheckpoint pages, on both sides
 * @param folder where the database files are made, in a new folder that is deleted at the end; the current one unless
 *     named, since temporary folders often are in memory
 */
record Settings(int rounds, int seconds, int inFlight, int rows, int readers, int walAutocheckpoint, Path folder) {

    static final String USAGE =
            "usage: java -jar qscope-bench.jar [--rounds 5] [--seconds 3] [--in-flight 64] [--rows 100000]"
                    + " [--readers N] [--wal-autocheckpoint 10000] [--dir FOLDER]";

    /** Defaults, and those of the arguments {@code --name value}. */
    static Settings of(String... args) {
        Settings settings = new Settings(
                5,
                3,
                64,
                100_000,
                Runtime.getRuntime().availableProcessors(),
                10_000,
                Path.of("").toAbsolutePath());
        if (args.length % 2 != 0) {
            throw new IllegalArgumentException("each option has a value");
        }
        for (int i = 0; i < args.length; i += 2) {
            settings = settings.with(args[i], args[i + 1]);
        }
        return settings;
    }

    private Settings with(String option, String value) {
        return switch (option) {
            case "--rounds" ->
                new Settings(number(option, value), seconds, inFlight, rows, readers, walAutocheckpoint, folder);
            case "--seconds" ->
                new Settings(rounds, number(option, value), inFlight, rows, readers, walAutocheckpoint, folder);
            case "--in-flight" ->
                new Settings(rounds, seconds, number(option, value), rows, readers, walAutocheckpoint, folder);
            case "--rows" ->
                new Settings(rounds, seconds, inFlight, number(option, value), readers, walAutocheckpoint, folder);
            case "--readers" ->
                new Settings(rounds, seconds, inFlight, rows, number(option, value), walAutocheckpoint, folder);
            case "--wal-autocheckpoint" ->
                new Settings(rounds, seconds, inFlight, rows, readers, number(option, value), folder);
            case "--dir" -> new Settings(rounds, seconds, inFlight, rows, readers, walAutocheckpoint, folder(value));
            default -> throw new IllegalArgumentException("unknown option " + option);
        };
    }

    private static Path folder(String value) {
        if (!Files.isDirectory(Path.of(value))) {
            throw new IllegalArgumentException("--dir takes a folder, not " + value);
        }
        return Path.of(value);
    }

    private static int number(String option, String value) {
        int number;
        try {
            number = Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " takes a whole number, not " + value);
        }
        if (number < 1) {
            throw new IllegalArgumentException(option + " must be at least 1");
        }
        return number;
    }
}
