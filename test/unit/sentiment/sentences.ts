export interface LabeledSentence {
  readonly text: string;
  readonly label: 'positive' | 'negative';
}

const positive = (text: string): LabeledSentence => ({ text, label: 'positive' });
const negative = (text: string): LabeledSentence => ({ text, label: 'negative' });

/** Short sentences with negation, contrast and intensifiers, and plain ones, of several domains. */
export const table: readonly LabeledSentence[] = [
  // Negation and its scope.
  positive('The movie my friend has not seen is good.'),
  negative('The movie my friend has seen is not good.'),
  negative("The sandwich wasn't tasty."),
  positive("The sandwich wasn't bad."),
  negative("I didn't enjoy the museum."),
  positive("I didn't regret the ticket price."),
  negative("It isn't a comfortable chair."),
  positive("It isn't an ugly chair."),
  negative('The jokes are never funny.'),
  positive('The jokes are never lame.'),
  negative('No charm, no style.'),
  positive('No flaws that I could see.'),
  negative("I don't recommend this toaster."),
  positive("I don't hate this toaster."),
  negative('Nothing works.'),
  negative('There was no magic in the performance.'),
  negative('Hardly a pleasant flight.'),
  positive('The flight was far from unpleasant.'),
  negative("She can't act."),
  positive("You can't go wrong with this place."),
  // Contrast.
  negative('good acting, but a boring plot'),
  positive('boring plot, but good acting'),
  negative('The view was stunning but the rooms were filthy.'),
  positive('The rooms were tiny but the view was stunning.'),
  negative('Although the hero is likable, the film is a mess.'),
  positive('Although the plot is thin, the film is a joy.'),
  negative('Pretty colors, terrible fabric.'),
  positive('Cheap plastic, yet it works beautifully.'),
  negative('I loved the first season; the second one is garbage.'),
  positive('I hated the first season; the second one is superb.'),
  negative('It looks great and sounds horrible.'),
  positive('It looks horrible and sounds great.'),
  negative('Despite the great reviews, I was bored.'),
  positive('Despite the bad reviews, I was impressed.'),
  negative('fun for ten minutes, then dull'),
  positive('slow for ten minutes, then wonderful'),
  // Intensifiers.
  positive('An utterly delightful evening!'),
  negative('An utterly miserable evening!'),
  positive('so, so good'),
  negative('so, so bad'),
  positive('ABSOLUTELY AMAZING'),
  negative('ABSOLUTELY AWFUL'),
  positive('really quite lovely'),
  negative('really quite dreadful'),
  positive('This is by far the best headset I own.'),
  negative('This is by far the worst headset I own.'),
  negative('way too expensive for what you get'),
  negative('deeply disappointing'),
  positive('deeply satisfying'),
  // Plain statements.
  positive('I love this little radio!'),
  negative('I hate this little radio!'),
  positive('The staff were kind and the fish was fresh.'),
  negative('The staff were rude and the fish was stale.'),
  negative('The cable broke on the second day.'),
  positive('The cable works perfectly.'),
  negative('A waste of an afternoon.'),
  positive('A perfect way to spend an afternoon.'),
  negative('My order was wrong and cold.'),
  positive('Quick delivery and excellent quality.'),
  positive('one of the finest novels of the decade'),
];

/** Negations in forms that no template has. */
export const negations: readonly LabeledSentence[] = [
  negative('I struggled to find anything likable here.'),
  positive('One would struggle to find a weak scene here.'),
  negative('Clever is the last word I would use for this script.'),
  negative("Don't let anyone tell you this is entertaining."),
  positive("Don't let anyone tell you this is boring."),
  negative('Whoever says the food is good has not eaten here.'),
  negative('Good it is not.'),
  positive('Bad it is not.'),
  negative("We didn't find the tour interesting."),
  positive("We didn't find the tour boring."),
  negative("The lamp doesn't give nice light."),
  negative('I have yet to be impressed by this phone.'),
  positive('I have yet to be disappointed by this phone.'),
  negative("It's not that the story is bad, it's that there is no story."),
  negative("The author isn't a gifted writer."),
  positive("The author isn't a careless writer."),
  negative('Fans will not be happy.'),
  positive('Fans will not be unhappy.'),
  negative("It wasn't made with love."),
  positive("It wasn't made carelessly."),
];
