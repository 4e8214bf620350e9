"""README and the bench's page say how many times as fast the engine is."""

import csv

from reproduce.publish import speed

US = {"engine": 5.0, "fit": 500.0, "tuned": 50.0, "c": 4.0}


def row(architecture, method, **values):
    times = {
        f"{side}_us{end}": times * us
        for side, us in US.items()
        for end, times in (("", 1), ("_min", 0.8), ("_max", 1.3))
    }
    named = {"architecture": architecture, "method": method, "peak_megabytes": 900}
    return {**named, **times, **values}


ALL = [row(number, method) for number in speed.SHOWN for method in speed.ONLINE]


def test_readme_says_it_of_default_and_tuned_fit_and_of_c():
    text = speed.readme(ALL)
    assert (
        "- **5.0 µs an update by SGD on architecture 1: 100× default `fit`, "
        "10× tuned `fit`, 0.80× hand-written C**" in text
    )
    assert "| Adam | 5.0 | 100× | 10× | 0.80× | 5.0 | 100× | 10× | 0.80× |" in text


def test_what_was_not_measured_is_not_claimed():
    text = speed.readme([{**entry, "tuned_us": None, "c_us": None} for entry in ALL])
    assert "- **5.0 µs an update by SGD on architecture 1: 100× default `fit`**" in text
    assert "| SGD | 5.0 | 100× | – | – |" in text
    assert speed.readme(ALL[:3]) == "Not measured yet."


def test_a_file_without_the_newer_columns_can_be_read(tmp_path):
    path = tmp_path / "bench.csv"
    with open(path, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["architecture", "method", "engine_us", "fit_us", "jax_us"])
        rows.writerow([1, "sgd", 5.0, 500.0, ""])
    (entry,) = speed.read(path)
    assert (entry["architecture"], entry["jax_us"]) == (1, None)
    assert (speed.times(entry, "fit"), speed.times(entry, "c")) == (100, None)
    assert speed.read(tmp_path / "none.csv") == []


def test_the_page_rates_full_batches_beside_a_plain_product():
    full = row(1, "batch_gd", gflops=150.0, matmul_gflops=120.0, fit_us=9000.0)
    text = speed.page([*ALL, full], [], [], "A machine")
    assert "| 1 | 0.0 | 9.0 | 150 | 120 | 125 % |" in text
    assert "A machine." in text and "900 MB" in text
    assert "How cost grows" not in text


def test_the_page_has_a_range_of_each_time_and_a_clock_for_each_place():
    larger = [row(6, "sgd", parameters=1_000_000)]
    seeds = [
        {"architecture": 1, "method": "rmsprop", "seeds": 2, "where": w, "seconds": s}
        for w, s in (("1 core", 12.0), ("2 cores", 7.0))
    ]
    text = speed.page(ALL, larger, seeds, "A machine")
    assert "| 1 | SGD | 5.0 (4.0–6.5) | 500 (400–650) | 50.0 (40.0–65.0) | " in text
    assert "| SGD | 118,346 | 5.0 (4.0–6.5) | 42.2 |" in text
    assert "| SGD | 1,000,000 | 5.0 (4.0–6.5) | 5.0 |" in text
    assert "RMSProp on architecture 1" in text
    assert "| Seeds | 1 core | 2 cores |" in text and "| 2 | 12.0 | 7.0 |" in text
