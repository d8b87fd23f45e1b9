/** A pure function that, asked the same again, gives the last answer: facts that differ in one place are judged anew only there. */
export function remembering<Question extends readonly unknown[], Answer>(
  work: (...question: Question) => Answer,
): (...question: Question) => Answer {
  let last: { readonly question: Question; readonly answer: Answer } | undefined;
  return (...question) => {
    if (last === undefined || !question.every((each, index) => Object.is(each, last?.question[index]))) {
      last = { question, answer: work(...question) };
    }
    return last.answer;
  };
}

/** The same for what is asked of one thing: the answer is kept for as long as the thing. */
export function rememberingEach<Thing extends object, Answer>(work: (thing: Thing) => Answer): (thing: Thing) => Answer {
  const answers = new WeakMap<Thing, { readonly answer: Answer }>();
  return (thing) => {
    const known = answers.get(thing) ?? { answer: work(thing) };
    answers.set(thing, known);
    return known.answer;
  };
}
