package io.qscope.tck;

import io.qscope.store.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The other process of the tests that need two. It does what its standard input says, line by line, until that ends; not
 * for use by hand.
 */
public final class ChildProcess {

    private final Storage storage;
    private final PrintStream out;

    private ChildProcess(Storage storage, PrintStream out) {
        this.storage = storage;
        this.out = out;
    }

    /**
     * Serves one parent.
     *
     * @param arguments the name of a subclass of {@link StorageContract}, and a location that it opens
     */
    public static void main(String[] arguments) throws ReflectiveOperationException, IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // Whatever a driver prints must not look like an answer.
        System.setOut(System.err);
        Constructor<? extends StorageContract> constructor =
                Class.forName(arguments[0]).asSubclass(StorageContract.class).getDeclaredConstructor();
        constructor.setAccessible(true);
        StorageContract kit = constructor.newInstance();
        try (Storage storage = kit.open(arguments[1])) {
            out.println("ready");
            new ChildProcess(storage, out).serve();
        }
        System.exit(0);
    }

    private void serve() throws ReflectiveOperationException, IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Callers callers = new Callers()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", -1);
                if (words[0].equals("race")) {
                    race(callers, words[1], new Round(words[2], Integer.parseInt(words[3]), storage));
                } else {
                    InterruptedWork.begin(words[1], storage, out::println);
                }
            }
        }
    }

    private void race(Callers callers, String name, Round round) throws ReflectiveOperationException {
        Race race = Class.forName(name)
                .asSubclass(Race.class)
                .getDeclaredConstructor()
                .newInstance();
        List<Integer> ours = TwoProcessRaceContract.everyOther(1);
        out.println("started");
        callers.begin(ours, caller -> race.call(round, caller))
                .forEach(answer -> out.println("answer " + ContractGroup.await(answer)));
    }
}
