// The file that everybody knows: it began small, and today it takes longer than all others together.
const { openHotel } = require('../src/hotel');

let hotel;

beforeEach(() => {
  hotel = openHotel({ latencyMs: 28 });
});

const single = { beds: 1, priceCents: 8_000 };
const double = { beds: 2, priceCents: 12_000 };

describe('rooms', () => {
  test('a new hotel has none', async () => {
    expect(await hotel.rooms()).toEqual([]);
    expect(await hotel.free('2026-03-01', '2026-03-02')).toEqual([]);
    await expect(hotel.book('1', 'Ada', '2026-03-01', '2026-03-02')).rejects.toThrow('There is no room 1.');
  });

  test('are listed by name', async () => {
    await hotel.addRoom('2', double);
    await hotel.addRoom('1', single);
    expect(await hotel.rooms()).toEqual(['1', '2']);
  });

  test('have different names', async () => {
    await hotel.addRoom('1', single);
    await expect(hotel.addRoom('1', double)).rejects.toThrow('Room 1 is there already.');
    expect(await hotel.rooms()).toEqual(['1']);
  });

  describe('that are free', () => {
    beforeEach(async () => {
      await hotel.addRoom('1', single);
      await hotel.addRoom('2', double);
    });

    test.each([
      [1, ['1', '2']],
      [2, ['2']],
      [3, []],
    ])('for %i', async (beds, names) => {
      expect(await hotel.free('2026-03-01', '2026-03-04', beds)).toEqual(names);
    });

    test('are fewer after a booking', async () => {
      await hotel.book('1', 'Ada', '2026-03-01', '2026-03-04');
      expect(await hotel.free('2026-03-02', '2026-03-03')).toEqual(['2']);
    });

    test('for no night are not asked for', async () => {
      await expect(hotel.free('2026-03-04', '2026-03-01')).rejects.toThrow('there is no night');
    });
  });
});

describe('bookings', () => {
  beforeEach(() => hotel.addRoom('1', single));

  test('are numbered', async () => {
    expect(await hotel.book('1', 'Ada', '2026-03-01', '2026-03-02')).toBe(1);
    expect(await hotel.book('1', 'Ada', '2026-03-02', '2026-03-03')).toBe(2);
  });

  test('of an unknown room are refused', async () => {
    await expect(hotel.book('9', 'Ada', '2026-03-01', '2026-03-02')).rejects.toThrow('There is no room 9.');
    expect(await hotel.guests('2026-03-01')).toEqual([]);
  });

  test('have a night at least', async () => {
    await expect(hotel.book('1', 'Ada', '2026-03-01', '2026-03-01')).rejects.toThrow(RangeError);
    expect(await hotel.guests('2026-03-01')).toEqual([]);
  });

  describe.each([
    ['the same nights', '2026-03-10', '2026-03-13', false],
    ['the last night', '2026-03-12', '2026-03-14', false],
    ['the first night', '2026-03-09', '2026-03-11', false],
    ['all around', '2026-03-01', '2026-03-31', false],
    ['one night in the middle', '2026-03-11', '2026-03-12', false],
    ['right after', '2026-03-13', '2026-03-15', true],
    ['right before', '2026-03-08', '2026-03-10', true],
    ['a year later', '2027-03-10', '2027-03-13', true],
  ])('beside one from the 10th to the 13th: %s', (_, from, to, works) => {
    beforeEach(() => hotel.book('1', 'Ada', '2026-03-10', '2026-03-13'));

    test(works ? 'works' : 'is refused', async () => {
      const booking = hotel.book('1', 'Grace', from, to);
      if (works) expect(await booking).toBe(2);
      else await expect(booking).rejects.toThrow('Room 1 is taken.');
    });
  });
});

describe('guests', () => {
  beforeEach(async () => {
    await hotel.addRoom('1', single);
    await hotel.book('1', 'Ada', '2026-03-10', '2026-03-12');
  });

  test.each([
    ['the day before', '2026-03-09', []],
    ['the first night', '2026-03-10', ['Ada']],
    ['the last night', '2026-03-11', ['Ada']],
    ['the day of leaving', '2026-03-12', []],
  ])('%s', async (_, day, names) => {
    expect(await hotel.guests(day)).toEqual(names);
  });

  test('are listed by name', async () => {
    await hotel.addRoom('2', double);
    await hotel.book('2', 'Aaron', '2026-03-11', '2026-03-12');
    expect(await hotel.guests('2026-03-11')).toEqual(['Aaron', 'Ada']);
  });
});

describe('cancelling', () => {
  let number;

  beforeEach(async () => {
    await hotel.addRoom('1', single);
    number = await hotel.book('1', 'Ada', '2026-03-10', '2026-03-12');
  });

  test('makes the room free', async () => {
    await hotel.cancel(number);
    expect(await hotel.free('2026-03-10', '2026-03-12')).toEqual(['1']);
  });

  test('works once', async () => {
    await hotel.cancel(number);
    await expect(hotel.cancel(number)).rejects.toThrow(`There is no booking ${number}.`);
  });

  test('needs a booking', async () => {
    await expect(hotel.cancel(99)).rejects.toThrow('There is no booking 99.');
  });

  test('gives no number away twice', async () => {
    await hotel.cancel(number);
    expect(await hotel.book('1', 'Grace', '2026-03-10', '2026-03-12')).toBe(number + 1);
  });
});

describe('moving', () => {
  let number;

  beforeEach(async () => {
    await hotel.addRoom('1', single);
    await hotel.addRoom('2', double);
    number = await hotel.book('1', 'Ada', '2026-03-10', '2026-03-12');
  });

  test('frees one room and takes the other', async () => {
    await hotel.move(number, '2');
    expect(await hotel.free('2026-03-10', '2026-03-12')).toEqual(['1']);
  });

  test('into a taken room is refused', async () => {
    await hotel.book('2', 'Grace', '2026-03-11', '2026-03-13');
    await expect(hotel.move(number, '2')).rejects.toThrow('Room 2 is taken.');
  });

  test('into no room is refused', async () => {
    await expect(hotel.move(number, '3')).rejects.toThrow('There is no room 3.');
  });

  test('changes the price', async () => {
    await hotel.move(number, '2');
    expect(await hotel.priceCents(number)).toBe(24_000);
  });
});

describe('prices', () => {
  beforeEach(async () => {
    await hotel.addRoom('1', single);
  });

  test.each([
    ['one night', '2026-03-11', 8_000],
    ['two nights', '2026-03-12', 16_000],
    ['six nights', '2026-03-16', 48_000],
    ['a week', '2026-03-17', 50_400],
    ['eight nights', '2026-03-18', 57_600],
    ['over the end of the month', '2026-04-01', 158_400],
  ])('of %s', async (_, to, cents) => {
    const number = await hotel.book('1', 'Ada', '2026-03-10', to);
    expect(await hotel.priceCents(number)).toBe(cents);
  });

  test('of no booking', async () => {
    await expect(hotel.priceCents(1)).rejects.toThrow('There is no booking 1.');
  });
});
